// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_INTAKE_COMPILATION
#error "Private to src/intake."
#endif

#include <md-bus.h>
#include <md-identity.h>
#include <md-seal.h>

#include "md-approval.h"
#include "md-desk.h"
#include "md-draft.h"
#include "md-intake-flow.h"
#include "md-intake-items-private.h"
#include "md-login.h"
#include "md-returned.h"
#include "md-staff-pin.h"

G_BEGIN_DECLS

typedef struct _MdOcspLine MdOcspLine;

struct _MdDesk
{
  GObject parent_instance;

  GDBusConnection *connection;
  char *bus_name;
  MdPcsc *pcsc;
  MdCatalogue *catalogue;
  MdClock *clock;
  char *crl_dir;
  MdScanSettings *scanning;
  char *policy_anchor;       /* a file, or NULL */
  const char *crl_trouble;   /* why not every list there counts, in a word for the log; or NULL */
  guint crl_look;            /* from time to time they are read again */
  MdOcspLine *ocsp_line;     /* by which the service brings questions to the responder */
  GCancellable *cancellable; /* cancelled by dispose */

  MdBusTerminal1 *proxy;
  GQueue unsaid;   /* mishaps that a service which ended did not hear */
  GQueue erasures; /* drafts that are over, until the service has erased them */
  guint erase_later;
  MdPolicy *policy;
  MdIdentifier *identifier;

  MdDeskState state;
  MdTrouble *trouble;
  gboolean covered, staff_card;
  char *staff_reader;         /* on which the staff card lies, or NULL */
  gboolean guest, guest_came; /* another officer's card may lie there; the clerk's has left */

  char *session, *staff_id, *last_login;
  MdRoles roles;
  gint64 touched;  /* monotonic microseconds of the last Touch */
  gint64 moved_ns; /* by the desk's clock: when somebody last moved */
  guint idle_look; /* while somebody is at work, or what was read from a card is kept for them */
  gint64 idle_limit_ns; /* of the policy that was known last */

  MdLogin *login;
  MdStaffPin *staff_pin;
  MdIntake *intake;
  MdApproval *approval;
  MdReturned *returned_open;
  MdDraft *draft_open;
  GListStore *today, *approvals, *returned, *queue, *drafts;
  GListModel *reveal_reasons;
  GPtrArray *untold; /* choices of a reader that the service has not recorded yet */
  guint refreshing;  /* lists still on their way */
  gboolean refresh_again;
};

/* The policy under which the intake of @manifest was taken in: the one in force, or one from
 * before, which the service has kept and this window verifies anew (the signature, the digest that
 * the manifest names, that it was in force then). (transfer full) */
void _md_desk_find_policy_async (MdDesk *self, const MdManifest *manifest,
                                 GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data);
MdPolicy *_md_desk_find_policy_finish (MdDesk *self, GAsyncResult *result, GError **error);

/* What the service gave of an intake that was asked for: its container, and (nullable) what it says
 * beside that. Caller owns. */
MdContainer *_md_desk_get_intake_finish (MdBusTerminal1 *proxy, GAsyncResult *result,
                                         GVariant **out_info, GError **error);

/* How certificates are asked about, by the policy: through the service where it names whom to ask,
 * and by the lists that lie on the disk now. Read again at a word of the service and from time to
 * time, since a window runs for longer than a list holds. (transfer full) */
MdRevocation *_md_desk_make_revocation (MdDesk *self);
void _md_desk_renew_revocation (MdDesk *self);
/* The desk goes. */
void _md_desk_end_revocation (MdDesk *self);

/* One desk's way to ask by the service; its questions come from threads of their own. */
MdOcspLine *_md_ocsp_line_new (GDBusConnection *connection, const char *bus_name);
MdOcspLine *_md_ocsp_line_ref (MdOcspLine *self);
void _md_ocsp_line_unref (gpointer self);
/* Whose questions they are from now on; NULL while nobody is at work. */
void _md_ocsp_line_set_session (MdOcspLine *self, const char *session);

/* The officer has proven themselves: the desk is at work. Takes the staff dictionary of
 * FinishLogin. */
void _md_desk_open_session (MdDesk *self, const char *session, GVariant *staff);
/* The id of the intake that is being taken in or approved, or NULL. */
const char *_md_desk_object_in_hand (MdDesk *self);
/* Whether CODE, which may be NULL, is one of md_desk_get_reveal_reasons(). */
gboolean _md_desk_is_reveal_reason (MdDesk *self, const char *code);
/* NULL while nobody is at work. */
const char *_md_desk_get_session (MdDesk *self);
MdBusTerminal1 *_md_desk_get_proxy (MdDesk *self);
MdIdentifier *_md_desk_get_identifier (MdDesk *self);
MdClock *_md_desk_get_clock (MdDesk *self);
GCancellable *_md_desk_get_cancellable (MdDesk *self);
/* Seconds since 1970; YYYY-MM-DD in Japan (caller owns). */
gint64 _md_desk_now (MdDesk *self);
char *_md_desk_today (MdDesk *self);
/* The officer's eyes on an intake. own: the officer is its clerk; open: not yet decided. */
MdViewer _md_desk_viewer (MdDesk *self, gboolean own, gboolean open);
/* The officer's entry in the policy, or NULL. */
const MdPolicyStaff *_md_desk_staff (MdDesk *self);
void _md_desk_set_state (MdDesk *self, MdDeskState state, MdTrouble *trouble);
/* The lists have changed: asks the service again, at most one round at a time. */
void _md_desk_refresh_lists (MdDesk *self);
void _md_desk_clear_lists (MdDesk *self);

/* md-desk-erase.c: the draft of the officer at work (or of the last one) is over. It is not shown
 * any more, and the service is asked to erase it until it has: at once, from time to time and
 * whenever that officer logs in. */
void _md_desk_erase_draft (MdDesk *self, const char *id);
gboolean _md_desk_is_being_erased (MdDesk *self, const char *id);
/* Somebody has logged in. */
void _md_desk_erase_again (MdDesk *self);
/* The desk goes. */
void _md_desk_forget_erasures (MdDesk *self);

/* One screen event for the audit log; subject (bytes) may be NULL. callback may be NULL. */
typedef struct
{
  const char *event, *outcome, *object, *reason, *detail;
  GBytes *subject;
} MdScreenEvent;
void _md_desk_record_async (MdDesk *self, const MdScreenEvent *event, GAsyncReadyCallback callback,
                            gpointer user_data);
gboolean _md_desk_record_finish (MdDesk *self, GAsyncResult *result, GError **error);
/* What the officer at work tried upon this intake ("seal", "open", "decide", "withdraw") failed:
 * one record, unless it is the service that refused. */
void _md_desk_record_failure (MdDesk *self, const char *action, const char *intake,
                              const GError *error);
/* Something at the window that needs nobody logged in: EVENT and CAUSE are words of RecordMishap.
 * What a service that was ending did not hear is kept, and told by _md_desk_record_unsaid() when
 * one is there again. */
void _md_desk_record_mishap (MdDesk *self, const char *event, const char *cause);
void _md_desk_record_unsaid (MdDesk *self);
/* The desk goes, and with it what nobody heard. */
void _md_desk_forget_unsaid (MdDesk *self);
/* The staff card failed before anybody was logged in. error: of MD_CARD_ERROR. */
void _md_desk_record_login_card (MdDesk *self, const GError *error);

/* The service is there: what was said of the readers meanwhile. */
void _md_desk_tell_readers (MdDesk *self);
/* There is a policy, or another one: which readers may be used here. */
void _md_desk_register_readers (MdDesk *self);
/* The readers are others, or may be used no more: each that may not is recorded once while it is
 * connected. */
void _md_desk_look_at_readers (MdDesk *self);

/* Another officer's card is expected in place of the clerk's, to release what is stopped: the desk
 * does not lock when the clerk's leaves. No longer expected, it locks if that one has left. */
void _md_desk_expect_guest (MdDesk *self, gboolean expected);
gboolean _md_desk_expects_guest (MdDesk *self);

MdLogin *_md_login_new (MdDesk *desk);
/* The desk goes; whoever still holds the login holds an empty shell. */
void _md_login_detach (MdLogin *self);
/* Begins again: looks for the card that lies there. */
void _md_login_restart (MdLogin *self);

MdStaffPin *_md_staff_pin_new (MdDesk *desk);
/* The desk goes; whoever still holds it holds an empty shell. */
void _md_staff_pin_detach (MdStaffPin *self);
/* PIN (NULL: typed at the keypad) goes to the card now, with what the officer has confirmed. The
 * caller owns entry.pin. */
MdStaffEntry _md_staff_pin_use (MdStaffPin *self, MdSecret *pin);
/* What is to be done while the PIN is used: to type it at the keypad, or what OTHERWISE says. */
const char *_md_staff_pin_sentence (MdStaffPin *self, const char *otherwise);
/* What was to be done with it failed; the card's own word about the tries counts. */
void _md_staff_pin_refused (MdStaffPin *self, const GError *error);
/* Whether that needs no word of the page's own: it was given up, and where the keypad still waits,
 * the PIN's place says so. */
gboolean _md_staff_pin_says_it (const GError *error);
/* Nobody is at work, or with another card. */
void _md_staff_pin_forget (MdStaffPin *self);

MdIntake *_md_intake_new (MdDesk *desk);
/* It takes this returned intake up again, until the next person. */
void _md_intake_set_replaces (MdIntake *self, MdIntakeRow *row);
/* Gives up what is reserved and empties everything, for good. */
void _md_intake_abandon (MdIntake *self, const char *reason);
/* The desk's policy was renewed, was locked or unlocked, or the screen covered. */
void _md_intake_desk_changed (MdIntake *self);
/* What was read from the resident's card goes: nobody has worked for as long as the policy allows,
 * or the card was AWAY for as long. What was typed stays; the person has to be identified again.
 * FALSE: not yet, something is under way. */
gboolean _md_intake_erase_card (MdIntake *self, gboolean away);
/* The draft that is this intake's own though it waits, or NULL. */
const char *_md_intake_get_between (MdIntake *self);

MdApproval *_md_approval_new (MdDesk *desk, MdIntakeRow *row);
MdReturned *_md_returned_new (MdDesk *desk, MdIntakeRow *row);
/* The desk closes it; whoever still holds it holds an empty shell. */
void _md_returned_end (MdReturned *self);

MdDraft *_md_draft_new (MdDesk *desk, MdDraftRow *row);
/* The desk closes it; whoever still holds it holds an empty shell. */
void _md_draft_end (MdDraft *self);

const char *_md_approval_get_intake_id (MdApproval *self);

/* A job on the staff card that lies on its reader. Error when there is none. */
gboolean _md_desk_run_staff_job (MdDesk *self, MdCardJob *job, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data, GError **error);

/* How the person was identified, for the panel: the clerk's and the approver's. Caller owns. */
char *_md_intake_identified_by (MdIdentityProof *proof);

G_END_DECLS
