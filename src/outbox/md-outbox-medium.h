// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_OUTBOX_INSIDE) && !defined(MD_OUTBOX_COMPILATION)
#error "Include <md-outbox.h>."
#endif

#include "md-outbox-delivery.h"

G_BEGIN_DECLS

/* The media (電子記録媒体) that are registered at this terminal, and the ledger of what went by
 * them (媒体管理簿). What is on a medium stays in the queue until its receipt is verified,
 * whichever way that comes. */

/* A bundle is RELEASED by a supervisor and then WRITTEN; or the writing FAILED and nothing of it is
 * on the medium; or it is UNCLEAR what is on it, nothing, a part or the whole. The medium comes
 * back (RETURNED) and is ERASED, or it is LOST. Until it is ERASED, FAILED or LOST it is out, and
 * is not used again. */
typedef enum
{
  MD_BUNDLE_RELEASED,
  MD_BUNDLE_WRITTEN,
  MD_BUNDLE_RETURNED,
  MD_BUNDLE_ERASED,
  MD_BUNDLE_FAILED,
  MD_BUNDLE_UNCLEAR,
  MD_BUNDLE_LOST,
} MdBundleState;

const char *md_bundle_state_to_string (MdBundleState state);
gboolean md_bundle_state_from_string (const char *text, MdBundleState *out_state);

/* A medium. Strings are owned. */
typedef struct
{
  char *id;
  char *registered; /* RFC 3339 */
  char *retired;    /* the same; NULL: it is in use */
  char *bundle;     /* with which it is out; NULL: with none */
  char *disposed;   /* when it was disposed of; NULL: it was not */
  char *method;     /* and how */
} MdOutboxMedium;

void md_outbox_medium_free (MdOutboxMedium *medium);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdOutboxMedium, md_outbox_medium_free)

/* A line of the ledger. Strings are owned. */
typedef struct
{
  char *id;
  char *medium;
  char *officer; /* who released it */
  char *carrier; /* to whom it was handed */
  char *purpose;
  char *released; /* RFC 3339 */
  char *changed;  /* when it came into its state */
  MdBundleState state;
  guint items;
  guint delivered; /* of them, with a verified receipt by now */
  guint64 size;
} MdOutboxBundle;

void md_outbox_bundle_free (MdOutboxBundle *bundle);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdOutboxBundle, md_outbox_bundle_free)

/* A new medium; KEY: SHA-256 (hex) of the file that shows it to be this one.
 * MD_OUTBOX_ERROR_CONFLICT where the id or the key is known. */
gboolean md_outbox_register_medium (MdOutbox *self, const char *id, const char *key,
                                    const MdAuditEntry *entry,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* It is not used any more. MD_OUTBOX_ERROR_UNKNOWN, _STATE while it is out. */
gboolean md_outbox_retire_medium (MdOutbox *self, const char *id, const MdAuditEntry *entry,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* It was disposed of by this METHOD, and is not used any more. MD_OUTBOX_ERROR_UNKNOWN (also where
 * it was before), _STATE while it is out, unless it is lost. */
gboolean md_outbox_dispose_medium (MdOutbox *self, const char *id, const char *method,
                                   const MdAuditEntry *entry,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* (transfer full; elements MdOutboxMedium) */
GPtrArray *md_outbox_list_media (MdOutbox *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The ledger, newest first. (transfer full; elements MdOutboxBundle) */
GPtrArray *md_outbox_list_bundles (MdOutbox *self, guint limit,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the medium that shows KEY is registered as ID, in use, and not out. MD_OUTBOX_ERROR_STATE
 * in words. */
gboolean md_outbox_check_medium (MdOutbox *self, const char *id, const char *key,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What may go by a medium: at most MOST items that wait for the line, of together at most ROOM
 * bytes, in the order in which the gateway takes them, and on no other medium that is out; none
 * without what the line would send before it, which is at the gateway or before it here. What the
 * disk has altered goes to quarantine, as with md_outbox_claim(). Without bodies. (transfer full;
 * elements MdOutboxItem, of which what lists alone know is not set) */
GPtrArray *md_outbox_list_for_medium (MdOutbox *self, guint most, guint64 room,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One item of a bundle; borrowed. */
typedef struct
{
  const char *intake;
  guint n;
  const char *digest; /* SHA-256 (hex) of the body */
  guint64 size;
} MdOutboxMediumItem;

/* A bundle whose release the caller has verified; borrowed. */
typedef struct
{
  const char *id;
  const char *medium;
  const char *key;
  const char *officer;
  const char *carrier;
  const char *purpose;
  GBytes *list;       /* as it was signed */
  GBytes *signature;  /* the officer's */
  const char *digest; /* SHA-256 (hex) of the list */
  const MdOutboxMediumItem *items;
  guint n_items;
} MdOutboxHandOut;

/* The line of the ledger, before anything is written to the medium; one durable commit with ENTRY.
 * Every item must wait here with these bytes, on no other medium that is out, and stand in the
 * order of md_outbox_list_for_medium(): MD_OUTBOX_ERROR_STATE. The same again changes nothing; the
 * id with another list is MD_OUTBOX_ERROR_CONFLICT. */
gboolean md_outbox_hand_out (MdOutbox *self, const MdOutboxHandOut *bundle,
                             const MdAuditEntry *entry, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What the medium that is there shows; borrowed. */
typedef struct
{
  const char *key;    /* SHA-256 (hex) of its key file; NULL or empty: it has none */
  const char *digest; /* SHA-256 (hex) of the bundle's list on it; NULL or empty: not readable */
} MdOutboxShown;

/* What has become of the bundle. The same again changes nothing. But for FAILED and LOST the medium
 * is there: MD_OUTBOX_ERROR_CONFLICT where SHOWN is another medium, or has another list.
 * MD_OUTBOX_ERROR_UNKNOWN, _STATE where it cannot follow. */
gboolean md_outbox_note_bundle (MdOutbox *self, const char *id, MdBundleState state,
                                const MdOutboxShown *shown, const MdAuditEntry *entry,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The bytes of an item of a bundle that is RELEASED. MD_OUTBOX_ERROR_UNKNOWN, _STATE, _ERASED. */
GBytes *md_outbox_get_bundle_body (MdOutbox *self, const char *id, const char *intake, guint n,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Item N of INTAKE, for md_outbox_acknowledge() with a receipt that came by a medium, and whether
 * it has one already. MD_OUTBOX_ERROR_UNKNOWN. (transfer full) */
MdOutboxItem *md_outbox_find_item (MdOutbox *self, const char *intake, guint n,
                                   gboolean *out_delivered,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
