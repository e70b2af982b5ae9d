// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_INTAKE_INSIDE) && !defined(MD_INTAKE_COMPILATION)
#error "Include <md-intake.h>."
#endif

#include <md-forms.h>
#include <md-pcsc.h>
#include "md-intake-items.h"
#include "md-intake-types.h"

G_BEGIN_DECLS

#define MD_TYPE_DESK (md_desk_get_type ())
/* One terminal at work.
 *
 * Properties (read-only, notified): "state" i (MdDeskState), "trouble" MdTrouble (or NULL),
 *  "office-name" s, "counter-name" s (user's language), "terminal" s, "environment" s,
 *  "line" i (MdLineState), "line-label" s, "line-detail" s, "attention" s, "unsent" u,
 * "approvals-waiting" u, "returned-count" u, "today-count" u, "staff-id" s, "staff-name" s,
 * "department" s, "last-login" s, "staff-card" b (the officer's card lies on its reader),
 * "may-take-in" b, "may-approve" b, "may-see-log" b (what the rail offers), "covered" b
 * (read/write: F9, the screen is hidden). */
G_DECLARE_FINAL_TYPE (MdDesk, md_desk, MD, DESK, GObject)

/* What a desk stands on; all are kept by reference or copied. */
typedef struct
{
  GDBusConnection *connection; /* system bus, or the private bus of tests */
  const char *bus_name; /* NULL: org.madoguchi.Terminal1; tests without a bus name: "" for a peer
                           connection */
  MdPcsc *pcsc;         /* started by the caller or later */
  MdCatalogue *catalogue;
  MdClock *clock;            /* NULL: the system's */
  const char *crl_dir;       /* folder with *.crl, NULL: none */
  const char *policy_anchor; /* certificate below which policies are signed (file), for those that
                                came before; NULL: what they rule cannot be decided on */
  const MdScanSettings *scanning; /* NULL: no scan folder and no virus scanner */
} MdDeskParts;

MdDesk *md_desk_new (const MdDeskParts *parts) G_GNUC_WARN_UNUSED_RESULT;

/* First contact: policy, counts, then LOGGED_OUT. Without the service: NO_SERVICE, and it goes on
 * by itself when it appears. */
void md_desk_start (MdDesk *self);

MdDeskState md_desk_get_state (MdDesk *self);
MdTrouble *md_desk_get_trouble (MdDesk *self);
MdCatalogue *md_desk_get_catalogue (MdDesk *self);
MdPcsc *md_desk_get_pcsc (MdDesk *self);
/* NULL before the first contact. */
MdPolicy *md_desk_get_policy (MdDesk *self);

/* Lives as long as the desk; makes itself ready again after every logout or lock. */
MdLogin *md_desk_get_login (MdDesk *self);
const char *md_desk_get_staff_id (MdDesk *self);
const char *md_desk_get_staff_name (MdDesk *self);
MdLineState md_desk_get_line (MdDesk *self);

/* Why: a word of the service's property LineReason; "" while nothing is known. */
const char *md_desk_get_line_reason (MdDesk *self);

/* What whoever is logged in may do here at all. */
MdRights md_desk_get_rights (MdDesk *self);
/* The pages that these rights open, by their names in the window and in the order of its rail;
 * NULL-terminated. Caller frees the vector. */
const char **md_desk_list_pages (MdRights rights) G_GNUC_WARN_UNUSED_RESULT;

/* The version of the procedure that is in force today; NULL when there is none. Borrowed. */
MdForm *md_desk_find_form (MdDesk *self, const char *procedure);
/* GListModel of MdForm in force today that this officer may take in, best match first. Caller owns.
 */
GListModel *md_desk_search_forms (MdDesk *self, const char *text) G_GNUC_WARN_UNUSED_RESULT;
/* Whether the policy, and what they may see, let this officer take it in. */
gboolean md_desk_may_take_in (MdDesk *self, MdForm *form);

/* 手続きナビ: the life events (GListModel of MdLifeEvent, borrowed), and what is due today after
 * one (md_life_event_list_due (); caller owns). */
GListModel *md_desk_get_events (MdDesk *self);
GListModel *md_desk_list_due (MdDesk *self, MdLifeEvent *event,
                              GHashTable *answers) G_GNUC_WARN_UNUSED_RESULT;

/* The PIN of the officer's card; lives as long as the desk. Borrowed. */
MdStaffPin *md_desk_get_staff_pin (MdDesk *self);

/* The intake in work, or NULL. A new one replaces the one in work (which is wiped and given up).
 * Borrowed. */
MdIntake *md_desk_get_intake (MdDesk *self);
MdIntake *md_desk_begin_intake (MdDesk *self);

/* Opens a row of the approvals list. The approval belongs to the desk until another one begins or
 * the desk locks. Borrowed. */
MdApproval *md_desk_begin_approval (MdDesk *self, MdIntakeRow *row);
MdApproval *md_desk_get_approval (MdDesk *self);
void md_desk_end_approval (MdDesk *self);

/* Opens a row of the returned list; belongs to the desk as an approval does. Borrowed. */
MdReturned *md_desk_begin_returned (MdDesk *self, MdIntakeRow *row);
MdReturned *md_desk_get_returned_open (MdDesk *self);
void md_desk_end_returned (MdDesk *self);

/* Opens a row of the suspended intakes; belongs to the desk as an approval does. Borrowed. */
MdDraft *md_desk_begin_draft (MdDesk *self, MdDraftRow *row);
MdDraft *md_desk_get_draft_open (MdDesk *self);
void md_desk_end_draft (MdDesk *self);

/* A new intake that takes a row of the returned list up again, as md_desk_begin_intake(): of the
 * same procedure, to be chosen with md_intake_choose_async(). Borrowed. */
MdIntake *md_desk_take_up (MdDesk *self, MdIntakeRow *row);

/* GListModels of MdIntakeRow resp. MdQueueRow; kept up to date while somebody is at work (a row
 * that stays is the same object, and notifies what has changed), empty otherwise. Borrowed. */
GListModel *md_desk_get_today (MdDesk *self);
GListModel *md_desk_get_approvals (MdDesk *self);
GListModel *md_desk_get_returned (MdDesk *self);
GListModel *md_desk_get_queue (MdDesk *self);
/* Of MdDraftRow, likewise: the officer's own suspended intakes; a supervisor's list has those of
 * all. */
GListModel *md_desk_get_drafts (MdDesk *self);
/* Asks the service again (signals do it by themselves). */
void md_desk_refresh (MdDesk *self);
/* Try the line now. */
void md_desk_retry_line (MdDesk *self);

/* Locks: nothing personal stays visible, the intake in work is kept in memory for its officer,
 * another officer's login wipes it. The staff card's removal calls this by itself, and so does the
 * policy's idle_lock_s without md_desk_touch(). That long after the last touch or the lock, what
 * was read from the resident's card is erased, and the person has to be identified again. */
void md_desk_lock (MdDesk *self);
void md_desk_logout_async (MdDesk *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean md_desk_logout_finish (MdDesk *self, GAsyncResult *result, GError **error);
/* Somebody moved: the idle clock starts again. Cheap; call it from key and pointer events. */
void md_desk_touch (MdDesk *self);

/* Somebody at the window has said whom this reader is for: recorded in the audit log, also when
 * nobody is logged in. While the service is away it is kept, and told when it is back. */
void md_desk_record_reader (MdDesk *self, const char *reader, MdCardRole role);

/* The self-test found something left of a person who is gone: recorded in the audit log, also when
 * nobody is logged in. CAUSE: of what kind ("left-text", "left-history", "left-copy", "left-pin",
 * "left-intake"). */
void md_desk_record_left (MdDesk *self, const char *cause);

/* The print system has printed it: recorded in the audit log with the number of sheets. WHAT: a
 * word for it ("confirmations", "slip", "application", "guide"); INTAKE: of which intake, NULL: of
 * none. */
void md_desk_record_print (MdDesk *self, const char *what, const char *intake, guint sheets);

/* Reveal while held: recorded in the audit log first, then entry is revealed; after the policy's
 * seconds, or when hidden again with md_entry_set_revealed(), it is masked again. reason: a code
 * from md_desk_get_reveal_reasons(). Cancelled before it is recorded, it stays masked. Error:
 * MD_INTAKE_ERROR, G_IO_ERROR_CANCELLED. */
GListModel *md_desk_get_reveal_reasons (MdDesk *self);
void md_desk_reveal_async (MdDesk *self, MdEntry *entry, const char *reason,
                           GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data);
gboolean md_desk_reveal_finish (MdDesk *self, GAsyncResult *result, GError **error);

G_END_DECLS
