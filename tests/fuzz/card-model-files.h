// SPDX-License-Identifier: Apache-2.0
#pragma once

/* The files of the small card (card-model.h), each with contents that the program accepts. */

#include <md-base.h>

G_BEGIN_DECLS

typedef enum
{
  MODEL_NONE,
  MODEL_JPKI,
  MODEL_TEXT,
  MODEL_VISUAL,
  MODEL_COMMON,
  MODEL_MANAGER,
  MODEL_PIV,
} ModelApplication;

/* What keys give, kept as files beside the others: MODEL_SIGNATURES + one of these. */
typedef enum
{
  MODEL_SIGNATURE_RSA,
  MODEL_SIGNATURE_PLAIN, /* r and s of P-384 side by side */
  MODEL_SIGNATURE_DER,
  MODEL_SIGNATURE_PIV, /* the template of GENERAL AUTHENTICATE, with a shared secret in it */
} ModelSignature;

#define MODEL_SIGNATURES 0x10000u

typedef struct _ModelFiles ModelFiles;

ModelFiles *model_files_new (void);
void model_files_free (ModelFiles *self);

/* Changes, as card-model.h tells them. */
void model_files_replace (ModelFiles *self, MdReader *input);
void model_files_cut (ModelFiles *self, MdReader *input);
void model_files_patch (ModelFiles *self, MdReader *input);

/* Contents of the file or object; NULL: not there. OUT_SIZE may be NULL. Borrowed. */
const guint8 *model_files_get (const ModelFiles *self, ModelApplication application, guint32 file,
                               gsize *out_size);

ModelApplication model_find_application (const guint8 *aid, gsize size);
gboolean model_is_key (ModelApplication application, guint32 file);

/* Bits of MdCardPin: any of them opens the file or key; 0: it is open. */
guint model_get_openers (ModelApplication application, guint32 file);

G_END_DECLS
