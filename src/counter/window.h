// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <adwaita.h>

#include "models.h"

/*
 * The one window: login or lock screen, or the desk with top bar, rail and pages. It knows models
 * and actions, not the workflow: what acts on the work itself are the action groups "intake",
 * "approval", "returned", "queue" and "log", which the binder inserts.
 */

G_BEGIN_DECLS

#define COUNTER_TYPE_WINDOW (counter_window_get_type ())
G_DECLARE_FINAL_TYPE (CounterWindow, counter_window, COUNTER, WINDOW, AdwApplicationWindow)

/* The models the window shows; made with the window, filled by the binder. Borrowed. */
typedef struct
{
  CounterModel *desk;
  CounterModel *login;
  CounterModel *intake;
  CounterModel *approval;
  CounterModel *returned;
  CounterModel *draft;
  CounterModel *staff_pin; /* "staff-pin" of the three before */
} CounterModels;

CounterWindow *counter_window_new (GtkApplication *application);

const CounterModels *counter_window_get_models (CounterWindow *self);

/* Login and lock screen, or the desk. */
void counter_window_set_locked (CounterWindow *self, gboolean locked);

/* The screen is turned to the resident: VIEW (taken) over all of the window, of which nothing else
 * is shown, told to a screen reader or reached by a key, until it is locked. */
void counter_window_turn (CounterWindow *self, GtkWidget *view);

/* A page of the rail: home, intake, approvals, returned, queue, log, settings. */
void counter_window_show_page (CounterWindow *self, const char *page);
const char *counter_window_get_page (CounterWindow *self);

/* Above everything, locked or not, until the window is closed. */
void counter_window_warn (CounterWindow *self, const char *words);

/* One line at the foot that goes by itself. */
void counter_window_tell (CounterWindow *self, const char *sentence);

/* Signals: "new-intake", "lock", "covered" (gboolean): wishes of the person at the window. */

G_END_DECLS
