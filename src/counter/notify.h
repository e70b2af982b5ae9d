// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "window.h"

G_BEGIN_DECLS

/*
 * A desktop notification, only while @window is not in front; a newer one with the same @id
 * replaces it.
 * @title and @body are fixed sentences of ours: never anything about a person.
 */
void counter_notify (CounterWindow *window, const char *id, const char *title, const char *body);

/* Takes all of them back and leaves the notification service. */
void counter_notify_end (void);

G_END_DECLS
