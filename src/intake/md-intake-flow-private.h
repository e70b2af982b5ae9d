// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_INTAKE_COMPILATION
#error "Private to src/intake."
#endif

#include "md-desk-private.h"
#include "md-intake-visit.h"

#define MD_DRAFT_KEY_SIZE 32u

G_BEGIN_DECLS

/* What the service reserved for this intake. */
typedef struct
{
  char *intake, *receipt_number, *office, *terminal, *clerk, *time, *boot_id;
  gint64 monotonic_ns;
  MdNonceState nonce_state;
  GBytes *nonce;
  MdSecret *code; /* of the letter of delegation that is taken in; NULL: it is none */
} MdReservation;

typedef enum
{
  MD_BUSY_NOT,
  MD_BUSY_RESERVING,
  MD_BUSY_INSPECTING,
  MD_BUSY_READING,
  MD_BUSY_RELEASING,
  MD_BUSY_SEALING,
  MD_BUSY_SENDING,
  MD_BUSY_SUSPENDING,
} MdIntakeBusy;

struct _MdIntake
{
  GObject parent_instance;

  MdDesk *desk; /* owns us; NULL once given up */
  MdIntakeStep step;
  MdIntakeWait wait; /* as last notified */
  MdIntakeBusy busy;
  MdTrouble *trouble;
  gboolean refused;        /* the trouble stops this card or person */
  gboolean trouble_passes; /* it ends with the next login */
  gboolean removed;        /* the trouble is that the card was pulled out */
  gboolean not_erased;     /* something was left of what was to be erased the last time */
  gboolean pad_held;       /* the trouble is that the reader still waits at its keypad */
  GCancellable *cancellable;

  MdForm *form;
  MdFormData *data;
  gulong data_handler;
  MdPerson *person;
  GListStore *checks, *warnings;
  GListStore *comparison;   /* MdComparison: card and form, as of the last advance from content */
  GListStore *letter_lines; /* MdCheck: the letter of delegation, as of the same */
  MdTrouble *expiry;        /* the one of the warnings that says that the card ends soon, or NULL */

  MdReservation *reservation;
  char *notice_at;
  MdIntakeRow *replaces; /* the returned one that this takes up again, or NULL */
  MdIdentityProof *proof;
  MdIdentityProof *unknown; /* the authority does not know its certificate; until a supervisor
                               lets it go on */
  MdPicture *prints[MD_CARD_IMAGE_PHOTO]; /* name and address, where text alone is not enough */
  MdIdentityProof *sight; /* of the card's face, until the clerk has said whose it is */
  int tries_text, tries_auth;
  int tries_sign;
  int tries_front, tries_back; /* for what is printed on the card, when it goes by the face */
  gboolean inspected;
  gboolean by_filer;      /* the card is that of who files, as the papers below say */
  gboolean by_papers;     /* no card is read: documents, part by part */
  MdIntakeWait papers_at; /* the part, while nobody is identified by them */
  MdBrought brought;      /* where nobody is identified: who brought it; gone with the procedure */
  MdPapers papers;        /* as far as they are known; gone with the person and the procedure */
  gboolean stopped;       /* for the person's sake, not the card's: documents do not get past it */
  gboolean by_face;       /* not by PIN, until the next person or procedure */
  gboolean face_chosen;   /* by the clerk; else by a card without PINs, until one with PINs comes */
  gboolean pin_works;     /* the PINs could be used as well */
  gboolean by_signature;  /* by the password of the signature certificate, until the next person or
                             procedure */
  gboolean has_signature; /* the card has that certificate */
  gboolean has_pin_pad;   /* the reader's own keypad takes both PINs */
  gboolean screen_keys;   /* for this person it shall not */
  MdCardPin pad_waits;    /* for this PIN, now */
  guint32 card_events;    /* of the card that was or is being inspected */
  gconstpointer card_reader; /* on which it lay; to be compared only */
  struct
  {
    MdIntakeAway why;
    guint limit_s;        /* of the policy at the identification; 0: it cannot be known again */
    gint64 until_ns;      /* by the desk's clock */
    guint tick, left_s;   /* as last notified */
    gboolean minding;     /* it is being decided just now */
    gboolean unsaid;      /* that it was erased has no record yet */
    GBytes *key;          /* of this person's card, by which it is known again; else NULL */
    char *tag;            /* its tag; NULL while it is asked, and where it cannot be known */
    GCancellable *asking; /* the card that lies there */
    gconstpointer reader; /* on which the card lies that was asked, to be compared only; or NULL */
    guint32 events;
  } away;
  MdHold *held;            /* what stops it now, or NULL */
  gboolean raising;        /* the service is being told */
  guint to_raise;          /* kinds of hold that come after it, as bits */
  GPtrArray *from_service; /* MdHold: what the service stopped it for, that come before those */
  char *named;             /* of whom the service was told last, of this reservation; or NULL */
  char *bound[MD_N_NAMED]; /* the same, as the manifest says it */
  char *named_salt;        /* with which; of this reservation */
  gconstpointer naming; /* what the service is being told of that just now; to be compared only */
  struct
  {
    GTask *task; /* handing it in waits for that, or NULL */
    MdSecret *pin;
  } to_sign;
  gboolean citing; /* the service is being asked about a letter of delegation */
  struct
  {
    char *intake, *number, *decision; /* as the manifest names it; NULL: by none */
    char *claim;                      /* digest of what the service was told of it */
    GVariant *says;                   /* a{sv}: what the service said of it; or NULL */
  } letter;                           /* of delegation, by which it is filed */
  GPtrArray *holds;                   /* MdHold: what stopped it and was released, */
  GPtrArray *releases;                /* MdReleaseFiles: by whom; as many */
  struct
  {
    char *id; /* of the draft that it goes on with, until it has a number */
    MdFormDraft *draft;
    MdIntakeStep step; /* at which it was, until it is there again */
    char *whose; /* by this the person is known again; NULL: nobody was identified by a card */
    guint8 key[MD_DRAFT_KEY_SIZE]; /* under this */
    gboolean unbound;              /* somebody was, by documents */
    char *left_out;                /* what has to be entered again, a label each line */
    guint later;                   /* what was typed is kept then */
    gboolean keeping, changed;     /* it is being kept; and something was typed since */
    MdTrouble *unkept;             /* why it cannot be, or NULL */
  } suspended;
  struct
  {
    GListStore *plan;   /* MdVisitStep */
    GPtrArray *answers; /* MdFormDraft, what was typed for the intakes before, the last one first */
    MdIdentityReading *reading; /* what the card said; or NULL */
    gconstpointer reader;       /* on which it lies since, to be compared only; NULL: by no card */
    guint32 events;
    gboolean
        card_left;  /* since the person of this intake was identified, it or the officer was away */
    gboolean taken; /* the answers are in this intake */
    gboolean by_papers;
    MdFilerKind filer; /* who was identified: the person or who files, */
    char *whose;       /* and by this is known again, */
    guint8 key[32];    /* under this */
  } visit;
  GPtrArray *storing;      /* MdScanDocument of the scan folder, in what is being stored just now */
  GCancellable *attaching; /* for scans of DATA that are read just now; NULL: none was */
  gboolean scans_may_go;   /* with the procedure that is chosen next */
  struct
  {
    char *event;         /* NULL: nothing was said */
    GHashTable *answers; /* question to choice */
    GHashTable *wanted;  /* procedure to gboolean: what the clerk chose to take in */
    MdVisitRecord *record;
  } guide; /* of the whole visit */
  struct
  {
    char *id; /* the intake that was handed in last, while a draft may wait under it; or NULL */
    char *procedure; /* what comes next */
    GBytes *sealed;  /* that draft, as long as it is not kept */
    guint later;     /* it is tried again then */
  } between;         /* of two intakes of a visit */
  GBytes *container;
  gboolean findings_stop;
  gboolean
      erased_whose;     /* it was stopped, and what the card said of whom is erased; known again: */
  char *whose;          /* by this, */
  guint8 whose_key[32]; /* under this */
  /* The release of what stops it now, for the reason in the hold, that was sent to the service and
   * may be stored there, since no answer came; or NULL. */
  MdReleaseFiles *unanswered;
};

/* Recomputes "wait" and everything that hangs on it, and notifies. */
void _md_intake_update (MdIntake *self);
void _md_intake_set_trouble (MdIntake *self, MdTrouble *trouble, gboolean refused);
void _md_intake_set_trouble_error (MdIntake *self, const GError *error);
void _md_intake_set_step (MdIntake *self, MdIntakeStep step);
void _md_intake_set_busy (MdIntake *self, MdIntakeBusy busy);
void _md_intake_make_data (MdIntake *self);
void _md_intake_drop_data (MdIntake *self);
/* What was typed stays; what a card said goes with the person. */
void _md_intake_renew_data (MdIntake *self);
void _md_intake_fill_person (MdIntake *self);
/* A fresh cancellable for an operation, cancelled by the caller's too. */
GCancellable *_md_intake_begin (MdIntake *self, MdIntakeBusy busy);

/* md-intake-card.c */
MdCardReader *_md_intake_resident_reader (MdIntake *self);
void _md_intake_resident_card (MdIntake *self);
/* Whether the card that was looked at, or is being looked at, still lies there. */
gboolean _md_intake_same_card (MdIntake *self);
gboolean _md_intake_card_is_there (MdIntake *self);
void _md_intake_forget_card_facts (MdIntake *self);
void _md_intake_inspect (MdIntake *self);

/* md-intake-identify.c */
void _md_intake_forget_proof (MdIntake *self);
/* Into the audit log: an identification, of whom @proof (nullable) names. */
void _md_intake_record (MdIntake *self, const char *outcome, const char *detail,
                        const MdIdentityProof *proof);
/* What a supervisor has let go on. */
void _md_intake_take_unknown (MdIntake *self);
/* Judges by the rules; TRUE: the person is identified, and the form is filled. */
gboolean _md_intake_take_proof (MdIntake *self, MdIdentityProof *proof, GError **error);

/* md-intake-checks.c: what the panel ticks off. */
void _md_intake_begin_checks (MdIntake *self);
void _md_intake_check (MdIntake *self, MdIdentityStep step, MdCheckState state);
/* The check that stopped says why ("revoked"), not only that. */
void _md_intake_name_verdict (MdIntake *self, const char *word);
/* What a list says holds as of its time. */
void _md_intake_tell_list_time (MdIntake *self, const MdIdentityProof *proof);

/* md-intake-expiry.c */
guint _md_intake_renewal_months (MdIntake *self);
/* Of what proved who it is; among the warnings, and "expiry". */
void _md_intake_warn_of_expiry (MdIntake *self);
void _md_intake_forget_expiry (MdIntake *self);

/* md-intake-compare.c: what was typed against what the card says. */
/* Where they are two forms of the same, the card's stands. */
void _md_intake_settle_forms (MdIntake *self);
/* For the confirmation: what is not the same, with its reasons; and the letter of delegation. */
void _md_intake_compare (MdIntake *self);
/* How many of them are different, and not only in another form. */
guint _md_intake_count_differences (MdIntake *self);

/* md-intake-hold.c */
/* Stops it; of several, one after the other. */
void _md_intake_raise (MdIntake *self, MdHoldKind kind);
/* Tells the service, where it does not know yet. */
void _md_intake_tell_hold (MdIntake *self);
/* The service has stopped it by itself. */
void _md_intake_take_hold (MdIntake *self, guint number, const char *kind, const char *salt);
/* It got another reservation. */
void _md_intake_hold_again (MdIntake *self);
void _md_intake_forget_holds (MdIntake *self);

/* md-intake-naming.c: whom it is of, for the service, which notices namesakes. */
/* By the form as far as it says it, else by PROOF. Nothing where the service knows. It is told
 * before whatever is asked of it next. */
void _md_intake_name_person (MdIntake *self, const MdIdentityProof *proof);
/* It got another reservation, or there is nobody any more. */
void _md_intake_forget_named (MdIntake *self);

/* md-intake-submit.c: the service has answered of whom it is, or did not (ERROR): what waits for
 * that goes on. */
void _md_intake_sign_named (MdIntake *self, const GError *error);
void _md_intake_give_up_signing (MdIntake *self);

/* md-intake-delegation.c: letters of delegation. */
/* A new letter gets its code, which stays the same as long as the reservation: the principal may
 * have written it down. */
void _md_intake_make_code (MdIntake *self);
/* It was handed in. */
void _md_intake_forget_code (MdIntake *self);
/* FALSE: the contents name a letter, and the service is being asked about it, or "trouble" says why
 * that cannot be; when it says yes, the contents are left. */
gboolean _md_intake_check_letter (MdIntake *self);
/* For the confirmation: what the service said of the letter, and what a change would make of it. */
void _md_intake_list_letter (MdIntake *self);
/* It got another reservation, or there is nobody any more. */
void _md_intake_forget_letter (MdIntake *self);
/* Somebody else is named: the service forgets it, too, and is asked again. */
void _md_intake_doubt_letter (MdIntake *self);

/* md-intake-away.c: what was read from a card is in view while that card lies there. */
/* The person was identified: by what the card is known again. */
void _md_intake_know_card (MdIntake *self);
/* Something changed: the card, or what is under way. */
void _md_intake_mind_card (MdIntake *self);
/* Nobody is identified any more. */
void _md_intake_forget_away (MdIntake *self);
/* The desk is at work: what could not be recorded before. */
void _md_intake_record_away (MdIntake *self);
guint _md_intake_away_left (MdIntake *self);
/* What to do about it. Static, translated. */
const char *_md_intake_away_sentence (MdIntake *self);
/* As the desk, the lock and the card let it be. */
void _md_intake_cover (MdIntake *self);

/* md-intake-draft.c: suspended, and going on. */
/* Before a procedure is chosen. Takes DRAFT. */
void _md_intake_resume (MdIntake *self, const char *id, MdFormDraft *draft);
/* The draft that a number is to be reserved for; NULL: for none. */
const char *_md_intake_get_resumed (MdIntake *self);
/* It has its number and its data: what was typed before comes in. */
void _md_intake_take_draft (MdIntake *self);
/* The step at which it was suspended, once. */
MdIntakeStep _md_intake_take_resumed_step (MdIntake *self);
/* FALSE: another card than the one by which the person was identified before; it is recorded, and
 * "trouble" says it. */
gboolean _md_intake_check_suspended (MdIntake *self, const MdIdentityProof *proof, GError **error);
/* Somebody is identified: that only the clerk can tell whether it is the same person. */
void _md_intake_warn_of_unbound (MdIntake *self, const MdIdentityProof *proof);
/* What is left of the visit, sealed as a draft of NEXT; of whoever was identified just now. */
GBytes *_md_intake_seal_visit (MdIntake *self, MdForm *next, GError **error);
void _md_intake_forget_suspended (MdIntake *self);
gboolean _md_intake_suspended_is_empty (MdIntake *self);
/* There is new data: which papers were handed in is kept, too. */
void _md_intake_watch_papers (MdIntake *self);
/* Something was typed: it is kept in a moment, so that it survives a window that is killed. */
void _md_intake_keep_later (MdIntake *self);
/* The same, where something was typed that could not be kept meanwhile. */
void _md_intake_keep_unsaved (MdIntake *self);
/* What is not kept yet is kept now; the clerk goes. */
void _md_intake_keep_now (MdIntake *self);

/* md-intake-scans.c: files of the scan folder. */
/* What is attached is about to be stored, and that it is: what came from the folder goes there. */
void _md_intake_note_scans (MdIntake *self);
void _md_intake_scans_are_stored (MdIntake *self);
/* md-intake-scans-lost.c: none is lost by choosing FORM, or the clerk lets them go. */
gboolean _md_intake_check_scans (MdIntake *self, MdForm *form, GError **error);

/* md-intake-guide.c: 手続きナビ. */
void _md_intake_init_guide (MdIntake *self);
void _md_intake_free_guide (MdIntake *self);
void _md_intake_forget_guide (MdIntake *self);
gboolean _md_intake_guide_is_empty (MdIntake *self);
/* The visit gets an id, where it has none. */
void _md_intake_begin_record (MdIntake *self);
/* What of it is sealed with this intake; NULL: nothing. (transfer full) */
MdVisitRecord *_md_intake_dup_visit_record (MdIntake *self);
/* It was handed in: the log says of which visit. */
void _md_intake_record_of_visit (MdIntake *self);

/* md-intake-visit-keep.c: a visit is put aside with the intake in work. */
/* The text of it; NULL: there is nothing. (transfer full) */
MdSecret *_md_intake_write_visit (MdIntake *self);
/* Reads that again (NULL: nothing), in place of what is here. What is damaged is left out. */
void _md_intake_read_visit (MdIntake *self, const char *text);
/* Something of it changed. */
void _md_intake_keep_visit (MdIntake *self);

/* md-intake-visit-between.c: after one intake of a visit, before the next. */
/* It was handed in: what is left of its visit is kept. */
void _md_intake_put_visit_aside (MdIntake *self);
/* The draft of the intake in work is kept, and the visit in it. */
void _md_intake_draft_is_kept (MdIntake *self);
/* It goes, there and here; or here alone. */
void _md_intake_drop_between (MdIntake *self);
void _md_intake_forget_between (MdIntake *self);

/* md-intake-visit.c: several procedures for one person. */
void _md_intake_init_visit (MdIntake *self);
void _md_intake_free_visit (MdIntake *self);
/* It has a number for FORM. */
void _md_intake_begin_of_visit (MdIntake *self, MdForm *form);
/* It is about to be sealed: what a slip will say of it. */
void _md_intake_note_of_visit (MdIntake *self);
/* It was handed in. */
void _md_intake_end_of_visit (MdIntake *self);
/* Something changed: the card may have left. */
void _md_intake_mind_visit (MdIntake *self);
/* What was typed and read for the intakes before; the plan stays. */
void _md_intake_forget_carried (MdIntake *self);
void _md_intake_forget_visit (MdIntake *self);
gboolean _md_intake_visit_is_empty (MdIntake *self);
/* What the card said before, where only its key is asked now; else NULL. Caller owns. */
MdIdentityReading *_md_intake_ref_reading (MdIntake *self);
/* READING (nullable), as it was when its key was asked, becomes part of PROOF. FALSE: it is another
 * card; it is recorded, and "trouble" says it. */
gboolean _md_intake_take_reading (MdIntake *self, MdIdentityReading *reading,
                                  MdIdentityProof *proof, GError **error);
/* The person is identified: what they said before comes in. */
void _md_intake_take_answers (MdIntake *self);

/* md-intake-flow.c */
/* From done to the procedure: nothing of the intake is left but its visit. */
void _md_intake_begin_again (MdIntake *self);

/* md-intake-erase.c: what was read from the card goes. */
/* By what whoever PROOF names is known again under a key: name and birth date. NULL where it does
 * not say them. Caller owns. */
char *_md_intake_dup_whose (const guint8 *key, gsize size, const MdIdentityProof *proof);
/* The card is gone: no number is shown in full any more. */
void _md_intake_cover_number (MdIntake *self);
/* From content and confirmation, whatever is there. */
void _md_intake_back_to_identify (MdIntake *self);
/* FALSE: an intake that was stopped goes on with the same person only; it is recorded, and
 * "trouble" says it. */
gboolean _md_intake_check_whose (MdIntake *self, const MdIdentityProof *proof, GError **error);
void _md_intake_forget_whose (MdIntake *self);

/* md-intake-face.c */
gboolean _md_intake_accepts_face (MdIntake *self);
gboolean _md_intake_takes_number (MdIntake *self);
gboolean _md_intake_take_sight (MdIntake *self, MdIdentityProof *proof);
void _md_intake_drop_sight (MdIntake *self);
void _md_intake_drop_prints (MdIntake *self);

/* md-intake-signature.c: the signature certificate in place of the one for authentication. */
gboolean _md_intake_accepts_pins (MdIntake *self);
/* Whether this card and procedure let the person sign. */
gboolean _md_intake_can_sign (MdIntake *self);
/* Whether the PIN of four digits is asked for, too: for the individual number. */
gboolean _md_intake_needs_text_pin (MdIntake *self);
/* Chosen, or the only way, and this card does not do it: says why. */
void _md_intake_refuse_signature (MdIntake *self);
void _md_intake_warn_of_substitutes (MdIntake *self);
/* FALSE: whoever signed may not file what the form says; it is recorded, and "trouble" says it. */
gboolean _md_intake_check_signer (MdIntake *self);

/* md-intake-filer.c */
gboolean _md_intake_accepts_papers (MdIntake *self);
/* Whether there is anybody who could be identified otherwise than by the person's own card. */
gboolean _md_intake_offers_filers (MdIntake *self);
void _md_intake_begin_filers_card (MdIntake *self);
gboolean _md_intake_back_from_filers_card (MdIntake *self);
/* Whether the individual number is read from the card: not from another person's. */
gboolean _md_intake_reads_number (MdIntake *self);
void _md_intake_fill_filer (MdIntake *self);
/* FALSE: the contents name another filer than the one who was identified; it is recorded, and
 * "trouble" says it. */
gboolean _md_intake_check_filer (MdIntake *self);

/* md-intake-words.c */
const char *_md_intake_sentence (MdIntakeWait wait);

/* md-intake-brought.c: where nobody is identified. */
/* Whether that is so for this procedure: the policy says it, and the form. */
gboolean _md_intake_waives (MdIntake *self);
/* FALSE: the policy says it of a procedure whose form asks for somebody. */
gboolean _md_intake_check_waiver (MdIntake *self, MdForm *form, GError **error);
/* From the contents back: who brought it is asked again. */
void _md_intake_reopen_brought (MdIntake *self);
void _md_intake_fill_from_brought (MdIntake *self);
/* How it came, as the form has it. Static. */
const char *_md_intake_channel (MdIntake *self);

/* md-intake-post.c */
gboolean _md_intake_is_by_post (MdIntake *self);
/* What a part asks of what came by post, or NULL. Static, translated. */
const char *_md_intake_post_sentence (MdIntake *self);
/* It was told how and when it came: from here on that day counts for the contents. */
void _md_intake_take_post (MdIntake *self);
/* Back to the notice that is explained at the counter. */
void _md_intake_leave_post (MdIntake *self);
/* The day by which the contents are judged. Caller owns. */
char *_md_intake_day (MdIntake *self);

/* md-intake-papers.c */
/* From nobody identified, or from a card, to the first part. */
void _md_intake_begin_papers (MdIntake *self);
/* Which paper shows the number, or why it is missing. */
void _md_intake_fill_number_paper (MdIntake *self);
void _md_intake_forget_papers (MdIntake *self);
gboolean _md_intake_back_in_papers (MdIntake *self);
void _md_intake_fill_from_papers (MdIntake *self);
/* Where a number comes from that was typed though no paper shows it. */
void _md_intake_fill_number_source (MdIntake *self);
/* What the log says of them, beside the verdict. Caller owns. */
char *_md_intake_describe_papers (MdIntake *self);

/* Sets a field that the form has; nothing where it has none. */
void _md_intake_set_field (MdIntake *self, const char *field, const char *value);
MdPresenceChallenge *_md_intake_make_challenge (MdIntake *self, GError **error);

MdReservation *_md_reservation_new (GVariant *dict, GError **error);
/* Asks the service for a number: of a draft that it goes on with, of a returned intake that it
 * takes up again, or a new one. */
void _md_reservation_ask (MdIntake *self, MdForm *form, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data);
MdReservation *_md_reservation_get (MdIntake *self, MdBusTerminal1 *proxy, GAsyncResult *result,
                                    GError **error);
void _md_reservation_free (MdReservation *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdReservation, _md_reservation_free)

G_END_DECLS
