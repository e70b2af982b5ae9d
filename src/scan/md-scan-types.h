// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_SCAN_INSIDE) && !defined(MD_SCAN_COMPILATION)
#error "Include <md-scan.h> only."
#endif

#include <glib-object.h>
#include <md-base.h>

G_BEGIN_DECLS

#define MD_SCAN_ERROR (md_scan_error_quark ())
GQuark md_scan_error_quark (void);

/** Why a document does not come in; the message says it in words, and what to do. */
typedef enum
{
  MD_SCAN_ERROR_READ,      /* the file is not there, or cannot be read */
  MD_SCAN_ERROR_SIZE,      /* empty, or larger than is allowed */
  MD_SCAN_ERROR_KIND,      /* neither PDF nor JPEG nor PNG nor TIFF */
  MD_SCAN_ERROR_DAMAGED,   /* truncated, or it contradicts itself */
  MD_SCAN_ERROR_TOO_MUCH,  /* too many pages or pixels, or it unpacks to too much */
  MD_SCAN_ERROR_ENCRYPTED, /* nobody could read it at the back office */
  MD_SCAN_ERROR_ACTIVE,    /* it holds what acts by itself, or what cannot be looked into */
  MD_SCAN_ERROR_VIRUS,     /* the virus scanner found something */
  MD_SCAN_ERROR_CHECK,     /* the virus scanner could not be asked */
  MD_SCAN_ERROR_NOT_DRAWN, /* a page cannot be shown */
} MdScanError;

typedef enum
{
  MD_SCAN_PDF,
  MD_SCAN_JPEG,
  MD_SCAN_PNG,
  MD_SCAN_TIFF,
  MD_N_SCAN_KINDS
} MdScanKind;

/** "application/pdf". Static. */
const char *md_scan_kind_get_media_type (MdScanKind kind);
/** "PDF", for people. Static. */
const char *md_scan_kind_get_label (MdScanKind kind);
/** ".pdf". Static. */
const char *md_scan_kind_get_suffix (MdScanKind kind);
/** FALSE: no media type of ours (NULL included). */
gboolean md_scan_kind_look_up (const char *media_type, MdScanKind *out_kind);

/** What the content says of itself. A PDF has no width and height here. */
typedef struct
{
  MdScanKind kind;
  guint pages; /* from 1 on */
  guint width, height;
} MdScanFacts;

/* What one document may be, whatever the policy says. */
#define MD_SCAN_MAX_PAGES 50u
#define MD_SCAN_MAX_SIDE 20000u
#define MD_SCAN_MAX_PIXELS (40u * 1000u * 1000u)    /* A4 at 600 dots per inch */
#define MD_SCAN_MAX_UNPACKED (128u * 1024u * 1024u) /* the streams of one PDF together */
#define MD_SCAN_MAX_NAME 64u                        /* of a virus scanner */
#define MD_SCAN_BYTES_PER_S 16000u                  /* 128 kbit/s, the line of an office */

G_END_DECLS
