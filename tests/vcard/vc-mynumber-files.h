// SPDX-License-Identifier: Apache-2.0
#pragma once

/* The My Number card's applications and elementary files as tables: what is where, and which PIN
 * opens it. */

#include <glib.h>

G_BEGIN_DECLS

#define VC_MAX_OPENERS 3

typedef enum
{
  VC_EF_DATA,     /* transparent; contents in AP-EF.ef */
  VC_EF_RECORD,   /* one record; contents in AP-EF.rec */
  VC_EF_PIN,      /* verify target */
  VC_EF_KEY,      /* private key in AP-EF.key */
  VC_EF_INTERNAL, /* there, and nobody outside may use it */
} VcEfKind;

typedef enum
{
  VC_CHANGE_NONE,      /* printed on the card, or not for its holder */
  VC_CHANGE_REFERENCE, /* 00 24 01 80 */
  VC_CHANGE_KEY,       /* 80 32 00 80 */
} VcChange;

typedef struct
{
  guint16 id;
  VcEfKind kind;
  guint16
      openers[VC_MAX_OPENERS]; /* PIN EFs of the same application, any one of them; none: free */
  guint8 tries;                /* of a PIN */
  VcChange change;             /* how a PIN is changed */
  guint8 min, max;             /* length of a PIN that can be changed */
} VcEf;

typedef struct
{
  const char *name; /* first part of file names */
  guint8 aid[16];
  gsize aid_size;
  const VcEf *files;
  gsize n_files;
  guint16 default_key; /* for COMPUTE DIGITAL SIGNATURE with P2=00; 0: none */
  guint16 session_key; /* what 80 AE answers; 0: it asks for a PIN first */
} VcApplication;

extern const VcApplication vc_isd;

/* The application with the most similar AID: an AID cut short on the right is enough. NULL when
 * there is none. */
const VcApplication *vc_application_find (const guint8 *aid, gsize size);

/* The EF with this identifier, or NULL. */
const VcEf *vc_application_get_file (const VcApplication *application, guint16 id);

G_END_DECLS
