// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <json-glib/json-glib.h>
#include <signal.h>

#include "desk.h"

/* madoguchid on a private session bus, with a state directory of its own and the clerk's password
 * set; others get theirs with their first login. */
typedef struct
{
  char *state;
  char *settings;
  GSubprocess *daemon;
  Desk *desk;
  GHashTable *with_password; /* ids of officers */
} Fixture;

void service_set_up (Fixture *f, gconstpointer data);
/* DATA other than NULL: the test damaged the log on purpose, so it is not verified. */
void service_tear_down (Fixture *f, gconstpointer data);

void service_set_in_settings (Fixture *f, const char *group, const char *key, const char *value);
void service_start (Fixture *f);
void service_stop (Fixture *f, int signal_number);
void service_restart (Fixture *f, int signal_number);

/* The ward's policy as VERSION that lasts for LIFE_S seconds from now, to be changed. Caller owns.
 */
JsonParser *service_load_policy (guint version, gint64 life_s, JsonObject **out_root);
/* Signs it, and puts it where the service reads it next time. */
void service_put_policy (Fixture *f, JsonParser *parser);
/* The service reads it now: waits until VERSION is in force. */
void service_read_policy (Fixture *f, guint version);

/* The last record of EVENT has this outcome and detail. */
void service_assert_recorded (Fixture *f, const char *event, const char *outcome,
                              const char *detail);
/* How many records of EVENT have this outcome and a detail that begins so, read from the database.
 */
guint service_count_recorded (Fixture *f, const char *event, const char *outcome,
                              const char *detail);
/* All records, oldest first: array of MdAuditRecord. */
GPtrArray *service_read_log (Fixture *f);
guint service_queue_length (Fixture *f);

/* As it should be. */
void service_login (Fixture *f, const char *staff);
/* For who logs in otherwise. */
void service_give_password (Fixture *f, const char *staff);
char *service_take_in (Fixture *f);

/* Writes into a database behind its owner's back. */
void service_write_database (const char *path, const char *sql);

/* The service starts anew with its store on a small disk of its own; FALSE, and the test is
 * skipped, where nobody may make one. To be left at the end of the test. */
gboolean service_move_to_small_disk (Fixture *f);
void service_leave_small_disk (Fixture *f);
/* Something else fills it but for LEAVE bytes; and goes. */
void service_fill_disk (Fixture *f, gsize leave);
/* That makes room for so many. */
void service_free_disk (Fixture *f, gsize bytes);
void service_make_room (Fixture *f);

/* The world's gateway, for one test; the caller stops it. */
GSubprocess *service_start_gateway (Fixture *f);
void service_stop_gateway (GSubprocess *gateway);
/* All that was handed in is with it. */
void service_await_delivered (Fixture *f);
/* The same terminal with an empty store: to it, what happened so far was at another one. */
void service_become_another (Fixture *f);

/* Runs the tests with a bus. */
int service_run (void);
