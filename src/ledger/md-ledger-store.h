// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_LEDGER_INSIDE) && !defined(MD_LEDGER_COMPILATION)
#error "Only <md-ledger.h> can be included directly."
#endif

#include <gio/gio.h>
#include <md-audit.h>
#include <md-base.h>

G_BEGIN_DECLS

typedef enum
{
  MD_LEDGER_ERROR_ADDRESS,   /* no engine for that address */
  MD_LEDGER_ERROR_FAILED,    /* the store could not be opened, read or written */
  MD_LEDGER_ERROR_MISSING,   /* no such item */
  MD_LEDGER_ERROR_COMPLETED, /* somebody else has completed it */
  MD_LEDGER_ERROR_CONFIRMED, /* somebody else has confirmed or refused it */
  MD_LEDGER_ERROR_NOTICED,   /* the terminal has been told of it already */
  MD_LEDGER_ERROR_KEY,       /* what lies there was made with another key */
  MD_LEDGER_ERROR_ADDED,     /* the inquiry was answered already, or the number is taken */
  MD_LEDGER_ERROR_TOO_OFTEN, /* a terminal asks for receipt numbers again and again */
  MD_LEDGER_ERROR_FULL,      /* there is no room for what would be written */
} MdLedgerError;

#define MD_LEDGER_ERROR (md_ledger_error_quark ())
GQuark md_ledger_error_quark (void);

/* One item as it was accepted; no personal information. For an intake n is 1 and the decision
 * fields are NULL. */
typedef struct
{
  guint64 sequence; /* given by the ledger, from 1, without a gap */
  char *intake;
  guint n;
  char *digest;   /* SHA-256 of the body, hex */
  char *received; /* RFC 3339, given by the ledger's caller */
  char *office;
  char *terminal;
  char *receipt_number;
  char *procedure;
  char *officer;  /* clerk for an intake, decider for a decision: staff id */
  char *decision; /* NULL | approve | return | reject | withdraw */
  guint policy_version;
  char *replaces;      /* the returned intake that this one takes up again, or NULL */
  char *policy_digest; /* "" of an item from before it was kept; so is nonce */
  char *nonce;         /* what was found of an intake's nonce (MdNonceVerdict); "" for a decision */
  char *nonce_fresh;   /* the nonce of an intake found fresh: no other may have it; else NULL */
  /* Of letters of delegation, for a put alone: the intake of the letter, and the SHA-256 (hex) of a
   * decisionNNN.json each, or NULL. What is cited by an intake must not have been changed, and what
   * is changed must not have been either; nor may the back office have given the letter back. */
  char *letter;
  char *cites;  /* by which an intake is filed, or what it is to change */
  char *allows; /* this decision, where it accepts or changes a letter */
  char *amends; /* whose place it takes */
  /* The policy's range of the terminal's receipt numbers, for the put of an intake alone; 0: its
   * number is not judged by what was issued. */
  guint number_from, number_to;
} MdLedgerEntry;

MdLedgerEntry *md_ledger_entry_new (void) G_GNUC_WARN_UNUSED_RESULT;
MdLedgerEntry *md_ledger_entry_copy (const MdLedgerEntry *entry) G_GNUC_WARN_UNUSED_RESULT;
void md_ledger_entry_free (MdLedgerEntry *entry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdLedgerEntry, md_ledger_entry_free)

/* What came of a put. */
typedef enum
{
  MD_LEDGER_PUT_FAILED,  /* @error is set; nothing was stored */
  MD_LEDGER_PUT_CREATED, /* stored, on disk */
  MD_LEDGER_PUT_SAME, /* the very same bytes were there before: the receipt is the one given then */
  MD_LEDGER_PUT_CONFLICT,       /* the same name was there with other bytes; nothing was changed */
  MD_LEDGER_PUT_NO_INTAKE,      /* a decision upon an intake that is not here */
  MD_LEDGER_PUT_NONCE_USED,     /* another intake was begun with that very nonce */
  MD_LEDGER_PUT_OUT_OF_ORDER,   /* a decision whose predecessor is not here, or that may not follow
                                   upon it, or upon another intake that takes this one up again */
  MD_LEDGER_PUT_REPLACES_OTHER, /* it takes up one of another office, terminal or procedure */
  MD_LEDGER_PUT_NOT_RETURNED,   /* it takes up one that was decided upon in another way */
  MD_LEDGER_PUT_ALREADY_REPLACED,  /* another intake takes up the same one */
  MD_LEDGER_PUT_LETTER_CHANGED,    /* another decision took the place of what it cites or amends */
  MD_LEDGER_PUT_LETTER_GIVEN_BACK, /* a notice gave back the letter that it cites or changes */
  MD_LEDGER_PUT_NUMBER_FOREIGN,    /* its receipt number was not issued to this terminal */
  MD_LEDGER_PUT_NUMBER_USED,       /* another intake arrived with that receipt number */
} MdLedgerPut;

/* Makes the signed receipt for @entry, whose sequence has just been given; called inside the
 * transaction that stores both. Returns: (transfer full), or NULL with @error set, which undoes the
 * put. */
typedef GBytes *(*MdLedgerReceiptFunc) (const MdLedgerEntry *entry, gpointer user_data,
                                        GError **error);

/* A policy that came into force at this gateway. */
typedef struct
{
  guint version;
  char *digest;   /* of md_policy_get_digest() */
  GBytes *bundle; /* as it was signed */
  gint64 taken;   /* when, microseconds */
} MdLedgerPolicy;

void md_ledger_policy_free (MdLedgerPolicy *policy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdLedgerPolicy, md_ledger_policy_free)

/* A key that nonces are made and verified with. */
typedef struct
{
  guint number; /* from 1 */
  gint64 made;  /* microseconds */
  MdSecret *key;
} MdLedgerNonceKey;

/* What the back office found out about an intake whose check of revocation was deferred; once for
 * each intake, for ever. */
typedef struct
{
  char *intake;
  char *time;       /* RFC 3339: when it was asked */
  char *officer;    /* who had it asked */
  char *verdict;    /* "valid" or "revoked", at the moment the card was at the counter */
  GBytes *evidence; /* sealed to the business system: whose certificate it was is not for here */
} MdLedgerCompletion;

void md_ledger_completion_free (MdLedgerCompletion *completion);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdLedgerCompletion, md_ledger_completion_free)

/* Which number an intake gives to whom, as keyed digests (md_keyed_digest(), 32 bytes each). */
typedef struct
{
  char *intake;
  GBytes *made_with; /* of the key itself: digests of two keys cannot be compared */
  GBytes *addressee; /* 宛名番号; NULL where it is not known */
  GBytes *person;    /* name and day of birth */
  GBytes *number;    /* 個人番号 */
} MdLedgerBinding;

void md_ledger_binding_free (MdLedgerBinding *binding);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdLedgerBinding, md_ledger_binding_free)

/* What a second person said of one difference of an intake; once, for ever. The keys are digests of
 * the two sides, so that it holds for no other values. */
typedef struct
{
  char *intake;
  char *rule;
  char *field;
  GBytes *key_a, *key_b;
  char *state; /* "confirmed" or "refused" */
  char *officer;
  char *reason;
  char *time; /* RFC 3339 */
} MdLedgerConfirmation;

void md_ledger_confirmation_free (MdLedgerConfirmation *confirmation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdLedgerConfirmation, md_ledger_confirmation_free)

/* What the desk learnt of an intake later: the reply to a written inquiry, the result of an
 * inquiry, a correction ex officio. Kept for ever; the intake itself is never changed by it. */
typedef struct
{
  char *intake;
  char *kind; /* "reply", "result" or "correction" */
  char *name; /* the inquiry that is answered, of which there is one for all intakes; of a
               * correction its number, from "1" for each intake */
  char *officer;
  char *reason; /* a code, or "" */
  char *time;   /* RFC 3339 */
  GBytes *seal; /* 32 bytes by which the desk knows what it wrote itself */
  GBytes *body; /* sealed to the business system */
} MdLedgerAddition;

void md_ledger_addition_free (MdLedgerAddition *addition);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdLedgerAddition, md_ledger_addition_free)

/* What the back office tells a terminal in writing: that an intake has to be made again; once for
 * each. */
typedef struct
{
  char *office, *terminal;
  guint number; /* of this terminal, from 1 without a gap; given by the ledger */
  char *intake;
  char *officer;
  char *reason;  /* a code */
  char *time;    /* RFC 3339 */
  char *digest;  /* SHA-256 of the signed notice, hex */
  GBytes *body;  /* the signed notice */
  char *fetched; /* when the terminal had it first, or NULL */
} MdLedgerNotice;

void md_ledger_notice_free (MdLedgerNotice *notice);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdLedgerNotice, md_ledger_notice_free)

/* Makes the signed notice for @notice, whose number has just been given; @previous is the digest of
 * the terminal's one before it, "" for the first. Called inside the transaction that stores it.
 * Returns: (transfer full), or NULL with @error set, which undoes it. */
typedef GBytes *(*MdLedgerNoticeFunc) (const MdLedgerNotice *notice, const char *previous,
                                       gpointer user_data, GError **error);

/* Where the decision upon a letter of delegation lies, and what became of it. */
typedef struct
{
  char *intake;       /* NULL: here is none, or of before this was taken down */
  guint n;            /* its number */
  char *next;         /* the decision that took its place (SHA-256, hex), or NULL */
  guint64 changed_at; /* the sequence of the decision that took its place; 0: it holds */
  char *given_back;   /* the intake of it, or of what it rests on, that a notice gave back; NULL */
} MdLedgerLetter;

void md_ledger_letter_clear (MdLedgerLetter *letter);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MdLedgerLetter, md_ledger_letter_clear)

/* What a terminal says of its receipt numbers, and what the policy says of them. Numbers are those
 * of the serial @serial, the first three digits of each. */
typedef struct
{
  const char *office, *terminal;
  guint serial;
  guint from, to;  /* the policy's range */
  guint size, low; /* how many a block has, and with how few left another is given */
  gint64 now;      /* microseconds */
  guint epoch;     /* as the terminal says it, 0: it does not know any; so are the next three */
  guint highest;   /* the highest number that it has given, or 0 */
  guint newest;    /* the last number of its newest block, or 0 */
  guint left;
  const char *question; /* the same one as long as it is not answered: it has the same block */
  gboolean full;        /* nothing new is written: there is no room */
} MdLedgerStanding;

/* What is known here of the terminal, and the block that it gets. */
typedef struct
{
  guint epoch;        /* from 1; at most one more with each question that says a later one */
  guint highest;      /* the highest number that arrived from it, or 0 */
  char last[37];      /* the intake of the last item that arrived in this epoch, or "" */
  guint last_n;       /* and which of its items */
  guint from, to;     /* both 0: it gets none */
  gboolean fresh;     /* the block takes the place of all that the terminal holds */
  gboolean exhausted; /* it would get one, but the policy's range is used up */
} MdLedgerNumbers;

/* A container that comes in chunks: whose it is, and what the gateway allows. */
typedef struct
{
  const char *office, *terminal, *intake;
  const char *digest; /* SHA-256 of the whole, lower-case hex */
  guint64 size;       /* of the whole; for a chunk alone, and so are the next three */
  guint64 least;      /* bytes of a chunk that is not the last */
  guint64 most;       /* unfinished uploads of one terminal, and how large they may be together */
  guint64 most_bytes; /* when they are whole */
  gint64 now;         /* microseconds */
} MdLedgerUpload;

/* What came of a chunk. */
typedef enum
{
  MD_LEDGER_CHUNK_FAILED,    /* @error is set; nothing was stored */
  MD_LEDGER_CHUNK_ADDED,     /* stored, on disk */
  MD_LEDGER_CHUNK_AGAIN,     /* all of it was there before, and nothing is changed */
  MD_LEDGER_CHUNK_ELSEWHERE, /* it does not begin where the upload stands */
  MD_LEDGER_CHUNK_MISFIT, /* another size of the whole was said, or it goes beyond, or is small */
  MD_LEDGER_CHUNK_FULL,   /* the terminal has as many unfinished uploads as it may */
} MdLedgerChunk;

/* What came of taking the chunks together. */
typedef enum
{
  MD_LEDGER_WHOLE_FAILED,    /* @error is set */
  MD_LEDGER_WHOLE_GOOD,      /* it is what was named; it stays there until it is put or dropped */
  MD_LEDGER_WHOLE_NOT_YET,   /* something is missing, or there is none */
  MD_LEDGER_WHOLE_DAMAGED,   /* it is not what was named, and was erased */
  MD_LEDGER_WHOLE_TOO_OFTEN, /* that was asked a moment ago */
} MdLedgerWhole;

/* What the gateway did not take, as it is kept for whoever asks why something does not arrive. No
 * body: of that the digest alone. */
/* What the ledger has under the name of what was refused. */
typedef enum
{
  MD_LEDGER_STORED_NOT,
  MD_LEDGER_STORED,       /* what was refused, of whom it was refused: accepted since, or before */
  MD_LEDGER_STORED_OTHER, /* other bytes, or another terminal's */
} MdLedgerStored;

typedef struct
{
  char *office, *terminal; /* who sent it, by the client certificate */
  char *intake;            /* as the request named it, or "" */
  char *what;              /* "PUT:intake", "POST:intake" of chunks, "PUT:decision/2" */
  char *code;              /* why: the problem's name on the wire */
  char *digest;            /* SHA-256 of the body, hex; "" where it was refused unread */
  char *first, *last;      /* RFC 3339 */
  guint64 times;
  MdLedgerStored stored;
} MdLedgerRefusal;

void md_ledger_refusal_free (MdLedgerRefusal *refusal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdLedgerRefusal, md_ledger_refusal_free)

/* So many refusals are kept of one terminal; of more, the latest. The audit chain has them all. */
#define MD_LEDGER_MAX_REFUSALS 200

typedef struct _MdLedgerRenewal MdLedgerRenewal; /* md-ledger-renewals.h */
typedef struct _MdLedgerInForce MdLedgerInForce; /* md-ledger-in-force.h */

/* The gateway's store. A handle belongs to one thread; several processes may hold one store. */
#define MD_TYPE_LEDGER (md_ledger_get_type ())
G_DECLARE_INTERFACE (MdLedger, md_ledger, MD, LEDGER, GObject)

struct _MdLedgerInterface
{
  GTypeInterface parent;

  MdLedgerPut (*put) (MdLedger *self, const MdLedgerEntry *entry, GBytes *body,
                      MdLedgerReceiptFunc make_receipt, gpointer user_data, GBytes **out_receipt,
                      GError **error);
  MdLedgerEntry *(*look_up) (MdLedger *self, const char *intake, guint n, GError **error);
  gboolean (*fetch) (MdLedger *self, const char *intake, guint n, GBytes **out_body,
                     GBytes **out_receipt, GError **error);
  GPtrArray *(*list) (MdLedger *self, guint64 after, guint limit, GError **error);
  gboolean (*keep_policy) (MdLedger *self, const MdLedgerPolicy *policy, GError **error);
  GPtrArray *(*list_policies) (MdLedger *self, guint after, GError **error);
  gboolean (*tell_in_force) (MdLedger *self, const MdLedgerInForce *told, GError **error);
  GPtrArray *(*list_in_force) (MdLedger *self, GError **error);
  gboolean (*add_nonce_key) (MdLedger *self, const MdLedgerNonceKey *key, GError **error);
  GPtrArray *(*list_nonce_keys) (MdLedger *self, GError **error);
  gboolean (*complete) (MdLedger *self, const MdLedgerCompletion *completion, GError **error);
  MdLedgerCompletion *(*look_up_completion) (MdLedger *self, const char *intake, GError **error);
  gboolean (*bind) (MdLedger *self, const MdLedgerBinding *binding, const char *officer,
                    GError **error);
  GPtrArray *(*list_bound) (MdLedger *self, const MdLedgerBinding *binding, GError **error);
  gboolean (*confirm) (MdLedger *self, const MdLedgerConfirmation *confirmation, GError **error);
  GPtrArray *(*list_confirmations) (MdLedger *self, const char *intake, GError **error);
  gboolean (*add) (MdLedger *self, const MdLedgerAddition *addition, const char *note,
                   GError **error);
  GPtrArray *(*list_additions) (MdLedger *self, const char *intake, GError **error);
  gboolean (*add_notice) (MdLedger *self, const MdLedgerNotice *notice, MdLedgerNoticeFunc make,
                          gpointer user_data, GError **error);
  MdLedgerNotice *(*look_up_notice) (MdLedger *self, const char *intake, GError **error);
  MdLedgerNotice *(*hand_out_notice) (MdLedger *self, const char *office, const char *terminal,
                                      guint number, GError **error);
  gboolean (*count_notices) (MdLedger *self, guint64 *out_last, GError **error);
  gboolean (*last_notice) (MdLedger *self, const char *office, const char *terminal,
                           guint *out_number, GError **error);
  gboolean (*look_up_letter) (MdLedger *self, const char *decision, MdLedgerLetter *out_letter,
                              GError **error);
  MdLedgerEntry *(*find_letter) (MdLedger *self, const char *office, const char *receipt_number,
                                 GError **error);
  gboolean (*tell_numbers) (MdLedger *self, const MdLedgerStanding *told, MdLedgerNumbers *out,
                            GError **error);
  MdLedgerChunk (*add_chunk) (MdLedger *self, const MdLedgerUpload *upload, guint64 offset,
                              GBytes *body, guint64 *out_stands, GError **error);
  gboolean (*look_up_upload) (MdLedger *self, const MdLedgerUpload *upload, guint64 *out_size,
                              guint64 *out_stands, GError **error);
  MdLedgerWhole (*join_chunks) (MdLedger *self, const MdLedgerUpload *upload, GBytes **out_body,
                                GError **error);
  gboolean (*drop_upload) (MdLedger *self, const MdLedgerUpload *upload, GError **error);
  gboolean (*sweep_uploads) (MdLedger *self, gint64 before, guint *out_erased, GError **error);
  MdLedgerRenewal *(*ask_renewal) (MdLedger *self, const MdLedgerRenewal *asked, gboolean hand_out,
                                   GError **error);
  GPtrArray *(*list_renewals) (MdLedger *self, GError **error);
  gboolean (*decide_renewal) (MdLedger *self, const MdLedgerRenewal *renewal, GBytes *certificate,
                              GError **error);
  void (*set_office) (MdLedger *self, const char *office);
  gboolean (*note) (MdLedger *self, const MdAuditEntry *entry, GError **error);
  gboolean (*note_refusal) (MdLedger *self, const MdLedgerRefusal *refusal,
                            const MdAuditEntry *entry, gboolean *out_recorded, GError **error);
  GPtrArray *(*list_refusals) (MdLedger *self, GError **error);
  gboolean (*settle_refusals) (MdLedger *self, gboolean all, GError **error);
  void (*set_room) (MdLedger *self, gboolean room);
  gboolean (*verify_audit) (MdLedger *self, MdAuditReport *out_report, GError **error);
  GPtrArray *(*list_done) (MdLedger *self, const char *event, GError **error);
  gboolean (*count_looks) (MdLedger *self, const char *officer, const char *since, guint *out_n,
                           GError **error);
  gboolean (*count) (MdLedger *self, guint64 *out_intakes, guint64 *out_decisions,
                     guint64 *out_notes, GError **error);
};

/* How a store is opened. @office and @place ("gateway", "backoffice") stand in the audit records
 * made through it. */
typedef struct
{
  gboolean writable; /* FALSE: for reading only, no notes either */
  gboolean service;  /* TRUE in a program that stays: it also keeps the store's log short */
  const char *office;
  const char *place;
} MdLedgerUse;

/* Opens the store at @address: "sqlite:PATH" or "postgresql://USER@HOST/DATABASE". Errors:
 * MD_LEDGER_ERROR. Returns: (transfer full). */
MdLedger *md_ledger_open (const char *address, const MdLedgerUse *use,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Stores one item, its bytes and its receipt in one durable transaction, or finds it stored.
 * *@out_receipt is set for CREATED and SAME. */
MdLedgerPut md_ledger_put (MdLedger *self, const MdLedgerEntry *entry, GBytes *body,
                           MdLedgerReceiptFunc make_receipt, gpointer user_data,
                           GBytes **out_receipt, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What is known of one item. MD_LEDGER_ERROR_MISSING when nothing. Returns: (transfer full). */
MdLedgerEntry *md_ledger_look_up (MdLedger *self, const char *intake, guint n,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The bytes of one item and its receipt (each nullable). */
gboolean md_ledger_fetch (MdLedger *self, const char *intake, guint n, GBytes **out_body,
                          GBytes **out_receipt, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Items with a sequence above @after, in order, at most @limit. Returns: (transfer full)
 * (element-type MdLedgerEntry). */
GPtrArray *md_ledger_list (MdLedger *self, guint64 after, guint limit,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Keeps a policy that comes into force, for ever, and records it in the audit chain. The same again
 * changes nothing; another one of a version that is kept already is MD_LEDGER_ERROR_FAILED. */
gboolean md_ledger_keep_policy (MdLedger *self, const MdLedgerPolicy *policy,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Every policy kept, by version. Returns: (transfer full) (element-type MdLedgerPolicy). */
GPtrArray *md_ledger_list_policies (MdLedger *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same of those above @version: what another gateway on this store put into force. */
GPtrArray *md_ledger_list_newer_policies (MdLedger *self, guint version,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Adds a key for nonces; nothing happens where another process has taken that number already. */
gboolean md_ledger_add_nonce_key (MdLedger *self, const MdLedgerNonceKey *key,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Every key, by number. Returns: (transfer full) (element-type MdLedgerNonceKey). */
GPtrArray *md_ledger_list_nonce_keys (MdLedger *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Stores what a deferred check came to and its audit record ("complete") in one durable
 * transaction. MD_LEDGER_ERROR_COMPLETED when there is one already. */
gboolean md_ledger_complete (MdLedger *self, const MdLedgerCompletion *completion,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* MD_LEDGER_ERROR_MISSING when the intake has not been completed. Returns: (transfer full). */
MdLedgerCompletion *md_ledger_look_up_completion (MdLedger *self, const char *intake,
                                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Takes down what an intake links, with its audit record ("bind"), unless that stands there as the
 * intake's last already. MD_LEDGER_ERROR_KEY where the store has digests of another key. */
gboolean md_ledger_bind (MdLedger *self, const MdLedgerBinding *binding, const char *officer,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What other intakes linked to that number, or to that addressee, before @binding was taken down;
 * without those of which a difference was refused. Returns: (transfer full) (element-type
 * MdLedgerBinding), in their order. */
GPtrArray *md_ledger_list_bound (MdLedger *self, const MdLedgerBinding *binding,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Stores what a second person said and its audit record ("confirm") in one durable transaction.
 * MD_LEDGER_ERROR_CONFIRMED when somebody said it already. */
gboolean md_ledger_confirm (MdLedger *self, const MdLedgerConfirmation *confirmation,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* All of an intake, in their order. Returns: (transfer full) (element-type MdLedgerConfirmation).
 */
GPtrArray *md_ledger_list_confirmations (MdLedger *self, const char *intake,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Stores what was learnt and its audit record ("reply" or "correct"; @note: words for its detail)
 * in one durable transaction. MD_LEDGER_ERROR_ADDED when that name is taken. */
gboolean md_ledger_add (MdLedger *self, const MdLedgerAddition *addition, const char *note,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* All of an intake, in their order. Returns: (transfer full) (element-type MdLedgerAddition). */
GPtrArray *md_ledger_list_additions (MdLedger *self, const char *intake,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Numbers @notice (office, terminal, intake, officer, reason and time are read of it), has it
 * signed, and stores it and its audit record ("return") in one durable transaction.
 * MD_LEDGER_ERROR_NOTICED when there is one about the intake already. */
gboolean md_ledger_add_notice (MdLedger *self, const MdLedgerNotice *notice,
                               MdLedgerNoticeFunc make, gpointer user_data,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The one about an intake. MD_LEDGER_ERROR_MISSING without. Returns: (transfer full). */
MdLedgerNotice *md_ledger_look_up_notice (MdLedger *self, const char *intake,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The one with this number of a terminal, which has asked for it: the first time that is recorded
 * ("notice"). MD_LEDGER_ERROR_MISSING while there is none. Returns: (transfer full). */
MdLedgerNotice *md_ledger_hand_out_notice (MdLedger *self, const char *office, const char *terminal,
                                           guint number, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A number that is another one whenever a notice was added, whoever added it: to be asked often. */
gboolean md_ledger_count_notices (MdLedger *self, guint64 *out_last,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The number of the terminal's last notice; 0 without. */
gboolean md_ledger_last_notice (MdLedger *self, const char *office, const char *terminal,
                                guint *out_number, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What is known of the decision upon a letter of delegation whose decisionNNN.json has this SHA-256
 * (hex). That nothing is known is no error. */
gboolean md_ledger_look_up_letter (MdLedger *self, const char *decision, MdLedgerLetter *out_letter,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The intake of the letter of delegation of @office that has this receipt number.
 * MD_LEDGER_ERROR_MISSING when there is none, and when there are two (a terminal that was restored
 * from a backup): which of them is meant, nobody here can know. Returns: (transfer full). */
MdLedgerEntry *md_ledger_find_letter (MdLedger *self, const char *office,
                                      const char *receipt_number,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What the ledger knows of a terminal; and a block of receipt numbers, in one durable transaction
 * with its audit record ("numbers"), where it has few left, or does not know of the newest that it
 * was given, or begins a new epoch. No number is in two blocks, and none below what arrived, what
 * was given and what the terminal says. MD_LEDGER_ERROR_TOO_OFTEN; _FULL where @told->full and
 * something is to be written. */
gboolean md_ledger_tell_numbers (MdLedger *self, const MdLedgerStanding *told, MdLedgerNumbers *out,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Stores one chunk durably, if it begins where the upload stands; the first one begins the upload,
 * where the terminal has room for all of it. *@out_stands: how much is there now, without a gap
 * from the beginning; not set with FAILED. */
MdLedgerChunk md_ledger_add_chunk (MdLedger *self, const MdLedgerUpload *upload, guint64 offset,
                                   GBytes *body, guint64 *out_stands,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* How large an upload is to become, and where it stands; both 0 where there is none. */
gboolean md_ledger_look_up_upload (MdLedger *self, const MdLedgerUpload *upload, guint64 *out_size,
                                   guint64 *out_stands, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The container that all its chunks make. md_ledger_put() of the intake erases them in its own
 * transaction, whichever way the container came. *@out_body is set with GOOD alone. */
MdLedgerWhole md_ledger_join_chunks (MdLedger *self, const MdLedgerUpload *upload,
                                     GBytes **out_body, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Erases an upload: the container is not going to be taken. */
gboolean md_ledger_drop_upload (MdLedger *self, const MdLedgerUpload *upload,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Erases the uploads whose last chunk came before @before (microseconds), each with its record
 * ("erase"). */
gboolean md_ledger_sweep_uploads (MdLedger *self, gint64 before, guint *out_erased,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The office of every audit record from here on, where it was not known at the opening. */
void md_ledger_set_office (MdLedger *self, const char *office);

/* Appends a record to the audit chain that lies in the same store: a refusal of the gateway, an
 * opening by the back office. What was stored is recorded by md_ledger_put() itself, in the same
 * transaction. */
gboolean md_ledger_note (MdLedger *self, const MdAuditEntry *entry,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same for what may come in any number. Of @refusal its terminal (NULL for whoever is not known
 * by name; then it is recorded and not kept), office, intake, what, code and digest are read; NULL
 * is "". Beyond the allowance of md-audit-gate.h it is counted and recorded later; what strangers
 * do takes nothing from the allowance of the others. *@out_recorded: whether it has a record of its
 * own. It is kept in either case. */
gboolean md_ledger_note_refusal (MdLedger *self, const MdLedgerRefusal *refusal,
                                 const MdAuditEntry *entry, gboolean *out_recorded,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Every refusal that is kept, the latest first. Returns: (transfer full) (element-type
 * MdLedgerRefusal). */
GPtrArray *md_ledger_list_refusals (MdLedger *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* FALSE: until it is told otherwise, refusals are counted alone, and the counts are not recorded,
 * so that nobody takes the store's last room by being refused. */
void md_ledger_set_room (MdLedger *self, gboolean room);

/* Records the counts whose time has come; call it every few seconds, and with @all at the end. */
gboolean md_ledger_settle_refusals (MdLedger *self, gboolean all,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One of the audit chain's records of something that was done. */
typedef struct
{
  char *object; /* what it was done to */
  char *digest; /* of that, "" without */
  char *detail;
} MdLedgerDone;

void md_ledger_done_free (MdLedgerDone *self);

/* Every record of the audit chain that says that this was done ("export", ...), in its order;
 * element-type MdLedgerDone. (transfer full) */
GPtrArray *md_ledger_list_done (MdLedger *self, const char *event,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* How many different intakes @officer has looked at one by one since @since (RFC 3339), by the
 * audit chain: "open", "reveal", "attachments", "confirmation", in any case of the letters of the
 * name. Of a chain that grew by more than 20,000 records since then only so many are looked
 * through. */
gboolean md_ledger_count_looks (MdLedger *self, const char *officer, const char *since,
                                guint *out_n, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads the audit chain from its first record; see md_audit_verify(). */
gboolean md_ledger_verify_audit (MdLedger *self, MdAuditReport *out_report,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* For /metrics. */
gboolean md_ledger_count (MdLedger *self, guint64 *out_intakes, guint64 *out_decisions,
                          guint64 *out_notes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
