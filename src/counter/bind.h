// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <md-intake.h>

#include "window.h"

/*
 * Keeps the window's models equal to the workflow (src/intake) and turns the window's actions into
 * calls of it. Nothing is decided here: what a state means and what may be done is the workflow's
 * business, what it looks like the widgets'.
 */

G_BEGIN_DECLS

/* Binds @window to @desk, and its log to the service on @connection, for as long as the window
 * lives. */
void counter_bind (CounterWindow *window, MdDesk *desk, GDBusConnection *connection);

/* The size of receipt slips: A6, else A5. */
void counter_bind_slips (CounterWindow *window, gboolean small);

/* The parts of it; each adds its action group to the window. */
void counter_bind_desk (CounterWindow *window, MdDesk *desk);
void counter_bind_confirmation (CounterWindow *window, MdDesk *desk);
void counter_bind_draft (CounterWindow *window, MdDesk *desk);
void counter_bind_returned (CounterWindow *window, MdDesk *desk);
void counter_bind_staff_pin (CounterWindow *window, MdDesk *desk);
void counter_bind_login (CounterWindow *window, MdDesk *desk);
void counter_bind_intake (CounterWindow *window, MdDesk *desk);
void counter_bind_approval (CounterWindow *window, MdDesk *desk);
void counter_bind_readers (CounterWindow *window, MdDesk *desk);
void counter_bind_doctor (CounterWindow *window, MdDesk *desk);
void counter_bind_log (CounterWindow *window, GDBusConnection *connection);

G_END_DECLS
