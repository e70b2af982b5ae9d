// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "md-bus.h"
#include "md-policy.h"
#include "md-seal.h"

/* The window's part towards the service, played by a test: logs in with key files instead of cards,
 * reserves, seals, signs, submits, decides. One Desk is one bus connection, as one window is. */
typedef struct
{
  char *world; /* a directory of make-world */
  GDBusConnection *connection;
  MdBusTerminal1 *proxy;
  MdPolicy *policy;
  char *session;
  char *staff;     /* who is logged in */
  gint64 behind_s; /* so far the window's clock is behind when it decides */
  gboolean looked; /* it says that each attachment was shown */
  gboolean closed; /* or that none of them is the officer's */
} Desk;

/* Connects to the session bus. The world is $MADOGUCHI_WORLD. */
Desk *desk_new (GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same window, and a service that was started anew: nobody is logged in. */
void desk_meet_again (Desk *self);
void desk_free (Desk *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Desk, desk_free)

/* The officer's password of this world. */
char *desk_password (Desk *self, const char *staff) G_GNUC_WARN_UNUSED_RESULT;
gboolean desk_set_password (Desk *self, const char *staff, const char *password, GError **error);

/* Logs STAFF in with STAFF's own card certificate; the challenge is signed with the key of KEY_OF.
 */
gboolean desk_login_as (Desk *self, const char *staff, const char *key_of, const char *password,
                        GError **error);
/* The two halves of it. */
typedef struct
{
  const char *staff;
  char *id;
  GVariant *challenge;
} DeskLogin;

gboolean desk_begin_login (Desk *self, const char *staff, DeskLogin *out_login, GError **error);
/* Takes what LOGIN holds. */
gboolean desk_finish_login (Desk *self, DeskLogin *login, const char *key_of, const char *password,
                            GError **error);
/* As it should be. */
gboolean desk_login (Desk *self, const char *staff, GError **error);
gboolean desk_logout (Desk *self, GError **error);

/* A reservation (a{sv}); what it is reserved for is named: somebody of its own. */
GVariant *desk_reserve (Desk *self, const char *procedure,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same, of whom nothing is said yet. */
GVariant *desk_reserve_only (Desk *self, const char *procedure,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whom an intake is of, each in any words; NULL: not known. */
typedef struct
{
  const char *who, *number, *shown, *address;
} DeskPerson;

/* The kinds of hold that it raised, joined by blanks; NULL with ERROR. */
char *desk_name (Desk *self, const char *intake, const DeskPerson *person, GError **error);
/* The same, with what is given back: "a(uss)". */
GVariant *desk_name_full (Desk *self, const char *intake, const DeskPerson *person, GError **error);

/* A reservation that takes RETURNED up again. */
GVariant *desk_take_up (Desk *self, const char *returned, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#define DESK_ATTACHMENT "attachments/01.cms"

/* What a submission may have wrong with it; NULL: nothing. */
typedef struct
{
  const char *signer;         /* signs instead of the clerk */
  const char *receipt_number; /* instead of the reserved one */
  gboolean forgets_replaced;  /* does not say what it takes up again */
  const char *version;        /* of the form, instead of "1" */
  const char *method;         /* of identification, instead of the card's signature */
  const char *verdict;        /* of it, instead of "valid" */
  const char *revocation;     /* who answered about it, instead of "ocsp" */
  gboolean no_evidence;
  gboolean strange_recipient;  /* sealed to the clerk alone */
  const char *scan;            /* a scanned document, sealed to those who may see this class */
  const char *scan_readers;    /* what the manifest says of that, instead of what is right */
  gboolean scan_unsaid;        /* it says nothing of it */
  const char *leaking_part;    /* sealed to the clerk as well */
  const char *narrow_part;     /* sealed to the office alone */
  const char *letter_intake;   /* of delegation, by which it says it is filed */
  const char *letter_number;   /* its */
  const char *letter_decision; /* that accepted it */
  const char *received;        /* the day on which it came by post */
  const GPtrArray
      *releases;           /* MdReleaseFiles that the manifest carries; no flaw where it was held */
  const DeskPerson *named; /* of whom the manifest says it is, whoever the service was told */
  const char *named_salt;  /* in hexadecimal, instead of the one that was told with it */
  gboolean unnamed;        /* it does not say */
  gboolean number_missing; /* it says that the form asks for a number that is not there */
} DeskFlaws;

/* A container for the reservation with SIZE bytes of made-up application. */
GBytes *desk_seal (Desk *self, GVariant *reservation, gsize size, const DeskFlaws *flaws,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What a release may have wrong with it. */
typedef struct
{
  const char *signer;   /* signs instead of the officer it names */
  const char *officer;  /* is named instead of S0101 */
  const char *role;     /* instead of "supervisor" */
  const char *intake;   /* instead of the reserved one */
  const char *terminal; /* instead of this one */
  const char *raised;   /* instead of what was raised */
  const char *digest;   /* of the policy, instead of the one in force */
  gint64 later_s;       /* made so much later than now */
  guint hold;           /* instead of 1 */
} DeskReleaseFlaws;

/* 64 digits made of @digit: what was raised. */
char *desk_raised (char digit) G_GNUC_WARN_UNUSED_RESULT;
/* Stops the intake; the number of the hold, 0 with an error. */
guint desk_raise (Desk *self, const char *intake, const char *raised, GError **error);
/* A release of the intake's hold 1, by S0101 with her own key. Nobody checks here what the service
 * has to find out. */
MdReleaseFiles *desk_release (Desk *self, GVariant *reservation, const char *raised,
                              const DeskReleaseFlaws *flaws,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean desk_send_release (Desk *self, const char *intake, const MdReleaseFiles *files,
                            GError **error);

gboolean desk_submit (Desk *self, const char *intake, GBytes *container, char **out_receipt_number,
                      GError **error);

/* Reserve, seal and submit; the intake's id. */
char *desk_take_in (Desk *self, const char *procedure, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* By whoever is logged in, with this reason. */
MdDecisionFiles *desk_decision_because (Desk *self, const char *intake, MdDecisionKind kind,
                                        const char *reason, GError **error);

/* The decision files for an intake, signed by SIGNER in the name of OFFICER. */
MdDecisionFiles *desk_decision (Desk *self, const char *intake, MdDecisionKind kind,
                                const char *officer, const char *signer,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean desk_send_decision (Desk *self, const char *intake, const MdDecisionFiles *files,
                             GError **error);
/* Both, as it should be. */
gboolean desk_decide (Desk *self, const char *intake, MdDecisionKind kind, GError **error);

/* A letter of delegation, played: what the form of the window would say of it. */
typedef struct
{
  const char *code;                 /* as md_delegation_read_code() takes it */
  const char *principal, *delegate; /* in any words */
  const char *procedures;           /* with blanks between them */
  int from_days, to_days;           /* from today */
  const char *received;             /* by post, YYYY-MM-DD, of what is filed by it */
  const char *of;                   /* the intake of the letter, where this changes it */
  const char *amends;               /* and the decision whose place it takes */
  gboolean ended;
} DeskLetter;

/* Approves the letter's intake in the name of who is logged in. LETTER: NULL: without saying what
 * it allows. */
gboolean desk_accept_letter (Desk *self, const char *intake, const DeskLetter *letter,
                             GError **error);

/* So many days from today, in Japan, as YYYY-MM-DD. */
char *desk_day (int days) G_GNUC_WARN_UNUSED_RESULT;

/* What the service answers when it is cited. */
typedef struct
{
  char *intake;
  char *decision;
  GVariant *allows; /* a{sv} */
} DeskCited;

void desk_cited_clear (DeskCited *cited);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DeskCited, desk_cited_clear)

/* Says that INTAKE is filed by the letter NUMBER; of LETTER: code, principal, delegate. */
gboolean desk_cite (Desk *self, const char *intake, const char *number, const DeskLetter *letter,
                    DeskCited *out_cited, GError **error);
