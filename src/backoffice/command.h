// SPDX-License-Identifier: Apache-2.0
#pragma once

/* What the commands of the program share: options, exit statuses, and what goes into the chain. */

#include "case.h"

G_BEGIN_DECLS

/* Exit statuses: --help and the manual page list them. */
enum
{
  STATUS_FINE = 0,
  STATUS_FAILED = 1,
  STATUS_USAGE = 2,
  STATUS_SETTINGS = 3,
  STATUS_MISSING = 4,
  STATUS_FORGED = 5,
  STATUS_PENDING = 6,
  STATUS_UNOPENED = 7,
  STATUS_DEFERRED = 8,
  STATUS_HELD = 9,
  STATUS_UNCONFIRMED = 10,
  STATUS_DENIED = 11,
  STATUS_UNFIT = 12,
  STATUS_KEPT = 13,
  STATUS_OFTEN = 14,
};

typedef struct
{
  char *config;
  char *officer;
  char *reason;
  char *day;    /* as it was typed; confirm */
  char *branch; /* terminals, with commas between them */
  char *print;  /* where the page goes */
  gboolean refuse;
  gboolean all;
  gboolean json;
  gboolean pending;
  gboolean reveal;
  gboolean version;
} Options;

/* Tells of @error; the exit status that follows from it. */
int command_complain (const GError *error);

/* The status that tells more of two: what is only deferred, or held, comes after everything else.
 */
int command_worse (int one, int other);

/* The record of an act, which goes into the chain before anything is shown; no record, no showing.
 */
gboolean command_record (const Desk *desk, const Options *options, const char *event,
                         const Case *subject, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What did not verify, or was asked for and refused, is recorded too; what somebody typed only when
 * it is a name that an intake can have, for it may be a person's. */
void command_record_refusal (const Desk *desk, const Options *options, const char *event,
                             const char *name, const GError *cause);

/* Whether the officer may look at one more intake by its name: not at more in ten minutes than the
 * settings say, whatever the reason (CASE_ERROR_OFTEN). Asked before anything is opened. */
gboolean command_may_look (const Desk *desk, const Options *options,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Verifies and opens @subject as far as the options ask. */
gboolean command_open (Case *subject, const Desk *desk, const Options *options,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Calls @each for every intake of the ledger, in its order; the worst of their statuses, or that of
 * the ledger's failure. */
typedef int (*CommandEach) (Desk *desk, const Options *options, const MdLedgerEntry *entry,
                            gpointer user_data);
int command_each (Desk *desk, const Options *options, CommandEach each, gpointer user_data);

/* The same for the intakes named in @names (@n of them), or for all with --all. */
int command_each_named (Desk *desk, const Options *options, int n, char **names, const char *event,
                        CommandEach each, gpointer user_data);

/* The commands that have a file of their own. */
int command_attachments (Desk *desk, const Options *options, int argc, char **argv);
int command_complete (Desk *desk, const Options *options, int argc, char **argv);
int command_confirm (Desk *desk, const Options *options, int argc, char **argv);
int command_correct (Desk *desk, const Options *options, int argc, char **argv);
int command_crl (Desk *desk, const Options *options, int argc, char **argv);
int command_history (Desk *desk, const Options *options, int argc, char **argv);
int command_letter_notice (Desk *desk, const Options *options, int argc, char **argv);
int command_reply (Desk *desk, const Options *options, int argc, char **argv);
int command_return (Desk *desk, const Options *options, int argc, char **argv);
int command_tally (Desk *desk, const Options *options, int argc, char **argv);
int command_verify (Desk *desk, const Options *options, int argc, char **argv);

G_END_DECLS
