// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What systemd and this program say to each other (sd_listen_fds(3), sd_notify(3)): three variables
 * of the environment and one datagram, for which libsystemd would be one dependency more. */

/* The listening socket that was handed over, or -1; it is the caller's. */
int supervise_take_socket (void);

/* Says @state ("READY=1") where somebody listens; nothing otherwise. */
void supervise_tell (const char *state);

/* Every how many microseconds a sign of life is asked for; 0: never. */
guint64 supervise_watchdog_us (void);

G_END_DECLS
