// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_CARD_INSIDE) && !defined(MD_CARD_COMPILATION)
#error "include <md-card.h>, not this file"
#endif

#include "md-card-files.h"

G_BEGIN_DECLS

// What is printed on the face of the card, as the card itself holds it (EF 0002 of the visual
// application). Immutable and counted; everything personal in it is wiped when it goes.
#define MD_TYPE_CARD_FACE (md_card_face_get_type ())

GType md_card_face_get_type (void);
MdCardFace *md_card_face_ref (MdCardFace *self);
void md_card_face_unref (MdCardFace *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdCardFace, md_card_face_unref)

// YYYYMMDD, checked to be digits (transfer none).
const char *md_card_face_get_birth (const MdCardFace *self);
// Last day of the card; empty where the card does not say it. Not signed (transfer none).
const char *md_card_face_get_expiry (const MdCardFace *self);
MdCardSex md_card_face_get_sex (const MdCardFace *self);

typedef enum
{
  MD_CARD_IMAGE_NAME,    // PNG, one bit
  MD_CARD_IMAGE_ADDRESS, // PNG, one bit
  MD_CARD_IMAGE_PHOTO,   // JPEG 2000
} MdCardImage;

// The picture as the card has it, undecoded; md_face_picture_decode() of src/identity makes pixels
// of it. Never empty (transfer none).
MdSecret *md_card_face_get_image (const MdCardFace *self, MdCardImage which);

// What the signature covers, in the two forms that it may have: three digests side by side (96
// bytes), over DF22..DF24, DF25..DF26 and DF27; or one over DF22..DF27 (32 bytes).
#define MD_CARD_FACE_PARTS_SIZE 96
const guint8 *md_card_face_get_part_digests (const MdCardFace *self);
const guint8 *md_card_face_get_whole_digest (const MdCardFace *self);
// 256 bytes (transfer none).
const guint8 *md_card_face_get_signature (const MdCardFace *self);

// The largest picture that is taken from a card.
#define MD_CARD_IMAGE_MAX 24576

// EF 0002 of the visual application; what stands behind the expiry may be missing. PROTOCOL.
// (transfer full)
MdCardFace *md_card_parse_face (const guint8 *file, gsize length,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Where the part of that file ends which is worth reading, from its first bytes: before the picture
// of the security code where the table of offsets is sound, else the end of the file.
gboolean md_card_measure_face (const guint8 *head, gsize length,
                               gsize *out_total) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
