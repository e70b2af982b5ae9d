// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <json-glib/json-glib.h>
#include <md-base.h>
#include <md-bus.h>
#include <md-intake.h>

#include "../await.h"
#include "late-backend.h"

/* A counter without a window: the invented ward, its cards on the real PC/SC stack, the real
 * service on a private bus, and a desk. Needs MADOGUCHI_WORLD (with-world --cards --ocsp), inside
 * tests/isolated. COUNTER_FORMS names another folder of definitions than the one of this tree. */

typedef struct
{
  char *world;
  JsonParser *facts;
  GSubprocess *daemon;
  char *settings;
  GDBusConnection *connection;
  GHashTable *with_password; /* ids of officers */
  LateBackend *readers;
  MdPcsc *pcsc;
  MdCatalogue *catalogue;
  MdDesk *desk;
} Counter;

/* The desk's clock in counter_new(); NULL: the system's. */
extern MdClock *counter_clock;

Counter *counter_new (void);
void counter_free (Counter *self);

/* One test, with a counter of its own. */
typedef struct
{
  const char *path;
  void (*run) (Counter *counter);
} CounterTest;

/* A program's main: runs the tests on a private bus. */
int counter_run (int argc, char **argv, const CounterTest *tests, gsize n_tests);

/* The service ends (SIGKILL or SIGTERM) and starts. */
void counter_stop_daemon (Counter *self, int signal_number);
void counter_start_daemon (Counter *self);

/* Puts the ward's policy as VERSION, with what CHANGE makes of it (its root, as JSON; NULL: as the
 * ward has it), where the service reads it when it starts. */
void counter_install_policy (Counter *self, guint version, void (*change) (JsonObject *root));

/* The same, and the service starts anew with it; the desk has it. */
void counter_renew_policy_with (Counter *self, guint version, void (*change) (JsonObject *root));

/* The same, with the one by which whoever issued most residents' certificates is not trusted any
 * more. */
void counter_renew_policy (Counter *self, guint version);

/* One command to the virtual card of "resident" or "staff"; the answer without "ok". */
char *counter_order (Counter *self, const char *role, const char *command);
void counter_insert (Counter *self, const char *role, const char *card);
void counter_remove (Counter *self, const char *role);
/* Another card in the place of the one that lies there; the desk has seen both, that one go and
 * this one come. */
void counter_swap (Counter *self, const char *role, const char *card);

JsonObject *counter_person (Counter *self, const char *name);
MdSecret *counter_pin (Counter *self, const char *person, const char *which);
MdSecret *counter_staff_secret (Counter *self, const char *staff, const char *which);

/* Turns the main loop until the property (int) has the value. */
void counter_wait (gpointer object, const char *property, int value);
void counter_turn (guint milliseconds);

/* Puts the staff card in and logs in. */
void counter_login (Counter *self, const char *staff);
/* The same with another card than STAFF's own, which answers as if it were. */
void counter_login_with (Counter *self, const char *staff, const char *card);

/* The async trios, waited for. */
gboolean counter_choose (MdIntake *intake, MdForm *form, GError **error);
gboolean counter_identify (Counter *self, MdIntake *intake, const char *person, GError **error);
gboolean counter_identify_with (MdIntake *intake, MdSecret *text, MdSecret *auth, gboolean last_try,
                                GError **error);
gboolean counter_submit (Counter *self, MdIntake *intake, const char *staff, GError **error);
gboolean counter_open (Counter *self, MdApproval *approval, const char *staff, GError **error);
gboolean counter_decide (Counter *self, MdApproval *approval, MdDecisionKind kind,
                         const char *reason, const char *staff, GError **error);
/* The same with any PIN; withdrawing gives the first of the reasons. */
gboolean counter_submit_with (MdIntake *intake, MdSecret *pin, GError **error);
gboolean counter_open_with (MdApproval *approval, MdSecret *pin, GError **error);
gboolean counter_decide_with (MdApproval *approval, MdDecisionKind kind, const char *reason,
                              MdSecret *pin, GError **error);
gboolean counter_withdraw_with (MdReturned *returned, MdSecret *pin, GError **error);
gboolean counter_settle_with (MdReturned *returned, MdDecisionKind kind, MdSecret *pin,
                              GError **error);
/* Whether it was refused. */
gboolean counter_log_in_in_vain (MdLogin *login, MdSecret *password, GError **error);

/* An intake of this procedure that waits for the resident's card; the staff must be logged in. */
MdIntake *counter_begin (Counter *self, const char *procedure);
/* What went wrong is said in words, with what to do. */
void counter_assert_trouble (MdIntake *intake);

/* A whole intake of this person up to "confirm"; the staff must be logged in. */
MdIntake *counter_take_in (Counter *self, const char *procedure, const char *person);
/* Opens the first of those that wait, as far as the PIN; an approver must be logged in. */
MdApproval *counter_begin_approval (Counter *self);
/* S0101 logs in and opens it. */
MdApproval *counter_open_waiting (Counter *self);
/* Types what the card does not say. */
void counter_fill (MdFormData *data);
void counter_type (MdIntake *intake, const char *field, const char *text);
/* What the card would have said: somebody of this name, and of an invented birth date, sex and
 * address. */
void counter_type_person (MdIntake *intake, const char *name);
/* What a field holds; NULL: nothing. */
const char *counter_value (MdIntake *intake, const char *field);
/* Nothing that a card said is left, and what counter_fill() typed is; it is asked for again. */
void counter_assert_erased (MdIntake *intake);
/* Whether there is a check of this id among those of an intake or of an approval, in this state. */
gboolean counter_has_check (GListModel *checks, const char *id, MdCheckState state);

/* A document as the clerk writes it down. */
MdPaper counter_paper (const char *kind, const char *last, const char *expiry);

/* Who has brought no card shows a licence that ends in LAST; FALSE: not accepted. */
gboolean counter_show_licence (MdIntake *intake, const char *last);
/* Identified by it, up to the contents. */
MdIntake *counter_by_licence (Counter *self, const char *last);

/* The last record of EVENT says this, or will before long: the outcome and the first words of the
 * detail. */
void counter_assert_recorded (Counter *self, const char *event, const char *said);
/* How many of an event begin with these words by now. */
guint counter_count_recorded (Counter *self, const char *event, const char *said);
