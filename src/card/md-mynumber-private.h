// SPDX-License-Identifier: Apache-2.0
// Private to src/card: what the files of the resident's card share, one of which there is for each
// of its applications.
#pragma once

#ifndef MD_CARD_COMPILATION
#error "md-mynumber-private.h is private to src/card"
#endif

#include "md-card-files.h"
#include "md-card-profile.h"
#include "md-mynumber-card.h"

G_BEGIN_DECLS

typedef enum
{
  MD_MYNUMBER_NONE,
  MD_MYNUMBER_JPKI,
  MD_MYNUMBER_TEXT,    // 券面事項入力補助
  MD_MYNUMBER_VISUAL,  // 券面事項確認
  MD_MYNUMBER_COMMON,  // 共通カード
  MD_MYNUMBER_MANAGER, // the issuer security domain
} MdMyNumberApplication;

struct _MdMyNumberCard
{
  GObject parent_instance;

  MdCardConnection *connection;
  MdMyNumberApplication application; // the current one
  MdCardMemory *refused;             // what this very conversation knows
  guint accepted;                    // a bit for each MdCardPin that it has seen accepted
  guint asked;                       // a bit for each that was asked for its tries, none sent since
  int tries[MD_CARD_PIN_FACE_B + 1]; // of these
  GBytes *auth_certificate;          // once it was read
  GBytes *auth_beginning;            // of its file, where that is all that was read of it
  char *name;                        // tells this card from others, for the connection's memory
  gboolean nameless;                 // it may not
  guint8 number_digest[2][32];       // of EF 0001: the whole file, and its TLV alone
  gboolean has_number_digest;
};

// Makes APPLICATION current. Selecting another one forgets every verified PIN, so it is not done
// without need.
gboolean _md_mynumber_select (MdMyNumberCard *self, MdMyNumberApplication application,
                              GCancellable *cancellable, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Makes APPLICATION and its elementary file EF current.
gboolean _md_mynumber_select_file (MdMyNumberCard *self, MdMyNumberApplication application,
                                   guint16 ef, GCancellable *cancellable,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Makes the file of PIN current, and its application.
gboolean _md_mynumber_select_pin (MdMyNumberCard *self, MdCardPin pin, GCancellable *cancellable,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

// PIN is about to be presented: its tries will have to be asked for anew.
void _md_mynumber_forget_tries (MdMyNumberCard *self, MdCardPin pin);

// Exactly these bytes of the current EF, or fewer at its end. PIN says which PIN it needs.
// (transfer full)
GBytes *_md_mynumber_read (MdMyNumberCard *self, gsize offset, gsize wanted, MdCardPin pin,
                           GCancellable *cancellable, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// From the first bytes of a file, how many of its bytes are wanted.
typedef gboolean (*MdMyNumberMeasure) (const guint8 *head, gsize length, gsize *out_total);

// One file of the card, and what of it is wanted.
typedef struct
{
  MdMyNumberApplication application;
  guint16 ef;
  MdCardPin pin; // that it needs
  MdMyNumberMeasure measure;
  gsize size; // with the filler behind what is wanted, where both are asked for in one; or 0
} MdMyNumberFile;

// Selects FILE and reads it up to where its measure, given what has come so far, says that the
// needed part ends, however little comes at a time: no byte twice and, once the first 256 have been
// asked for, none behind it. (transfer full)
GBytes *_md_mynumber_read_file (MdMyNumberCard *self, const MdMyNumberFile *file,
                                GCancellable *cancellable,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

// The same where BEGINNING of it was read before; it may be NULL. (transfer full)
GBytes *_md_mynumber_read_on (MdMyNumberCard *self, const MdMyNumberFile *file, GBytes *beginning,
                              GCancellable *cancellable, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Whether DATA is nothing, or one byte again and again: what a file holds that nobody has written.
gboolean _md_mynumber_is_blank (const guint8 *data, gsize length) G_GNUC_WARN_UNUSED_RESULT;

// Tells the card from others, in the words of the connection's memory, which it has. By the
// beginning of its authentication certificate, which is kept for who reads all of it. PROTOCOL,
// NO_DATA: it cannot be told by that. (transfer full)
char *_md_mynumber_name_certificate (MdMyNumberCard *self, GCancellable *cancellable,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

// The same by what the common application, or the card manager, says of the card itself. Errors
// that are about the card's contents: it cannot be told by that.
char *_md_mynumber_name_serial (MdMyNumberCard *self, GCancellable *cancellable,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
char *_md_mynumber_name_manager (MdMyNumberCard *self, GCancellable *cancellable,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

// The authority's certificate that APPLICATION keeps for its signed file.
gboolean _md_mynumber_read_issuer (MdMyNumberCard *self, MdMyNumberApplication application,
                                   MdCardIssuer *out_issuer, GCancellable *cancellable,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Which key, as COMPUTE DIGITAL SIGNATURE names it, and the PIN that the card may ask for.
typedef struct
{
  guint8 reference;
  MdCardPin pin;
} MdMyNumberKey;

// Signs DIGEST as PROFILE has it, by KEY: that of the current file, or one that is named in its
// place. (transfer full)
GBytes *_md_mynumber_compute (MdMyNumberCard *self, const MdCardProfile *profile,
                              const MdMyNumberKey *key, const guint8 *digest,
                              GCancellable *cancellable, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Reads record 1 of the current EF. (transfer full)
GBytes *_md_mynumber_read_record (MdMyNumberCard *self, GCancellable *cancellable,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
