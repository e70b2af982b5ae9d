// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gio/gio.h>

/*
 * What the person at this terminal may choose, the look and the readers: kept in GSettings
 * (org.madoguchi.Madoguchi), the look applied to libadwaita, GTK and the style sheet. Without an
 * installed schema the choice holds for as long as the window runs.
 */

G_BEGIN_DECLS

typedef struct _CounterSettings CounterSettings;

/* Reads the choices and applies what does not need a display. Lives as long as the program. */
CounterSettings *counter_settings_get (void);

/* Applies theme, contrast and size of text; once GTK is there. */
void counter_settings_apply (CounterSettings *self);

/* On a large screen, text that was not made larger by choice is a little larger by itself. */
void counter_settings_set_roomy (CounterSettings *self, gboolean roomy);

/* The actions "settings.theme" (s: system, light, dark), "settings.contrast" (b) and
 * "settings.text-size" (i: per cent), each with its state. Borrowed. */
GActionGroup *counter_settings_get_actions (CounterSettings *self);

/* Whom each card reader is for, a{ss} as md_pcsc_get_choices() has it. */
GVariant *counter_settings_get_readers (CounterSettings *self) G_GNUC_WARN_UNUSED_RESULT;
void counter_settings_keep_readers (CounterSettings *self, GVariant *readers);

/* ja, en or NULL: follow the environment. */
char *counter_settings_language (CounterSettings *self);

G_END_DECLS
