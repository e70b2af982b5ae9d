// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_SEAL_INSIDE) && !defined(MD_SEAL_COMPILATION)
#error "Include <md-seal.h>"
#endif

#include "md-seal-types.h"
#include <md-pki.h>

G_BEGIN_DECLS

#define MD_TYPE_MEDIUM_LIST (md_medium_list_get_type ())
#define MD_MEDIUM_SCHEMA "madoguchi-medium/1"
#define MD_MEDIUM_MAX_ITEMS 256u

/* On a medium: the file that shows that it is a registered one, and in the folder of a bundle the
 * list, its two signatures, and the items. */
#define MD_MEDIUM_KEY_FILE "madoguchi-medium.key"
#define MD_MEDIUM_FOLDER "madoguchi-"
#define MD_MEDIUM_LIST_FILE "bundle.json"
#define MD_MEDIUM_RELEASE_FILE "release.p7s"
#define MD_MEDIUM_TERMINAL_FILE "terminal.p7s"

/** MdMediumItem: one item on a medium. @n: 1 for the container, from 2 for a decision; @sha256: of
 * the bytes that a PUT would carry, lower-case hexadecimal; @size: theirs, in bytes. */
typedef struct
{
  char *intake;
  guint n;
  char *sha256;
  guint64 size;
} MdMediumItem;

/**
 * MdMediumList: what a bundle on a medium (電子記録媒体) holds, released by a supervisor. A plain
 * record; strings are owned, and none holds personal data.
 * @bundle: UUIDv7 of the bundle; @medium: id of the medium, as it was registered
 * @officer, @role: who releases it; @carrier: staff id of whom the medium is handed to
 * @purpose: "line-down" or "drill"; @time: when it was put together, RFC 3339
 * @items: (element-type MdMediumItem), 1 to MD_MEDIUM_MAX_ITEMS, none twice, in the order in which
 * they are to be taken in
 */
struct _MdMediumList
{
  char *bundle;
  char *medium;
  char *office;
  char *terminal;
  char *officer;
  char *role;
  char *carrier;
  char *purpose;
  guint policy_version;
  char *policy_digest;
  char *time;
  GPtrArray *items;
};

GType md_medium_list_get_type (void);
MdMediumList *md_medium_list_new (void) G_GNUC_WARN_UNUSED_RESULT;
MdMediumList *md_medium_list_copy (const MdMediumList *self) G_GNUC_WARN_UNUSED_RESULT;
void md_medium_list_free (MdMediumList *self);
void md_medium_list_add (MdMediumList *self, const MdMediumItem *item);

/** Whether it is one of the purposes. */
gboolean md_medium_is_purpose (const char *purpose) G_GNUC_WARN_UNUSED_RESULT;

/** bundle.json. MALFORMED when a member is missing or impossible, LIMIT when it would be too large
 * to be read. (transfer full) */
GBytes *md_medium_list_encode (const MdMediumList *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** Strict parse of bundle.json, without any signature. MALFORMED, LIMIT. (transfer full) */
MdMediumList *md_medium_list_parse (GBytes *json, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * Verifies release.p7s, the detached signature (CAdES-B) of the officer over @json: its path to
 * @staff_trust at @time, and that the signer is the officer whom the list names. Whether that
 * officer may, and with this certificate, is the caller's to ask the policy. The signer goes to
 * @out_signer (nullable; transfer full). MALFORMED, LIMIT, SIGNATURE, UNTRUSTED, MISMATCH.
 * (transfer full)
 */
MdMediumList *md_medium_list_verify (GBytes *json, GBytes *signature, const MdTrust *staff_trust,
                                     gint64 time, MdCmsSigner **out_signer,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** The name of the item's file in the bundle's folder, and that of its receipt. (transfer full) */
char *md_medium_item_make_name (const MdMediumItem *item) G_GNUC_WARN_UNUSED_RESULT;
char *md_medium_item_make_receipt_name (const MdMediumItem *item) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdMediumList, md_medium_list_free)

G_END_DECLS
