// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_SEAL_INSIDE) && !defined(MD_SEAL_COMPILATION)
#error "Include <md-seal.h>"
#endif

#include <glib-object.h>

G_BEGIN_DECLS

typedef struct _MdManifest MdManifest;
typedef struct _MdContainerBuilder MdContainerBuilder;
typedef struct _MdContainer MdContainer;
typedef struct _MdDecision MdDecision;
typedef struct _MdDecisionFiles MdDecisionFiles;
typedef struct _MdDelegation MdDelegation;
typedef struct _MdMediumList MdMediumList;
typedef struct _MdNotice MdNotice;
typedef struct _MdReceipt MdReceipt;
typedef struct _MdRelease MdRelease;
typedef struct _MdReleaseFiles MdReleaseFiles;

#define MD_SEAL_ERROR (md_seal_error_quark ())

GQuark md_seal_error_quark (void);

/**
 * MdSealError:
 * @MD_SEAL_ERROR_FAILED: a library failed in a way that says nothing about the input
 * @MD_SEAL_ERROR_MALFORMED: not a container, a manifest, a decision or a receipt of ours
 * @MD_SEAL_ERROR_LIMIT: larger or more than allowed
 * @MD_SEAL_ERROR_DIGEST: an entry is not the one that was signed
 * @MD_SEAL_ERROR_SIGNATURE: a signature does not fit
 * @MD_SEAL_ERROR_UNTRUSTED: the signature fits, but its certificate is not valid for this purpose
 * @MD_SEAL_ERROR_MISMATCH: parts that contradict each other (another intake, another signer than
 * named, ...)
 * @MD_SEAL_ERROR_SAME_PERSON: clerk and officer are one person, or share a certificate or a key
 * @MD_SEAL_ERROR_NO_PART: no part of this name
 * @MD_SEAL_ERROR_ORDER: a decision that may not follow upon what was decided before
 * @MD_SEAL_ERROR_NEWER: it says something that this release does not know
 * @MD_SEAL_ERROR_UNSUPPORTED: signed by whom it names, verifiably, but in a way that this release
 * does not take; what cannot be verified is SIGNATURE, whatever it says that it is
 */
typedef enum
{
  MD_SEAL_ERROR_FAILED,
  MD_SEAL_ERROR_MALFORMED,
  MD_SEAL_ERROR_LIMIT,
  MD_SEAL_ERROR_DIGEST,
  MD_SEAL_ERROR_SIGNATURE,
  MD_SEAL_ERROR_UNTRUSTED,
  MD_SEAL_ERROR_MISMATCH,
  MD_SEAL_ERROR_SAME_PERSON,
  MD_SEAL_ERROR_NO_PART,
  MD_SEAL_ERROR_ORDER,
  MD_SEAL_ERROR_NEWER,
  MD_SEAL_ERROR_UNSUPPORTED,
} MdSealError;

/* Limits beyond those of md-limits.h: what a peer or a file can make us take in. */
#define MD_SEAL_MAX_JSON (64u * 1024)
#define MD_SEAL_MAX_XML (64u * 1024)
#define MD_SEAL_MAX_PARTS 64u
#define MD_SEAL_MAX_ATTACHMENTS 40u
#define MD_SEAL_MAX_SIGNATURES 16u
#define MD_SEAL_MAX_RELEASES 4u
#define MD_SEAL_MAX_DIFFERENCES 99
#define MD_SEAL_MAX_BASE64 8192u
#define MD_SEAL_MAX_TEXT 128u

#define MD_SEAL_MEDIA_TYPE "application/vnd.etsi.asic-e+zip"
#define MD_SEAL_PART_MEDIA_TYPE "application/pkcs7-mime"

/* The parts that we know by name; attachments are attachments/NN.cms. */
#define MD_SEAL_PART_APPLICATION "application.cms"
#define MD_SEAL_PART_NUMBER "number.cms"
#define MD_SEAL_PART_EVIDENCE "evidence.cms"

/* To whom an attachment is sealed: as the individual number is, or by the class of the paper, which
 * is another. */
#define MD_SEAL_READERS_NUMBER "number"
#define MD_SEAL_READERS_CLASS "class"

/** "attachments/01.cms" for 1, up to MD_SEAL_MAX_ATTACHMENTS. (transfer full) */
char *md_seal_make_attachment_name (guint number) G_GNUC_WARN_UNUSED_RESULT;

/** Whether it is such a name. */
gboolean md_seal_is_attachment_name (const char *name);

G_END_DECLS
