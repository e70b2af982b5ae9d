// SPDX-License-Identifier: Apache-2.0
#include "md-card-doctor-private.h"

#include "md-identify-private.h"
#include "md-identity-expiry.h"
#include "md-identity-text.h"

#include <glib/gi18n.h>
#include <md-card.h>
#include <md-pki.h>

static void
finding_free (gpointer data)
{
  MdCardFinding *self = data;
  g_free (self->reader);
  g_free (self->what);
  g_free (self->remedy);
  g_free (self->command);
  g_free (self);
}

GPtrArray *
_md_card_findings_new (void)
{
  return g_ptr_array_new_with_free_func (finding_free);
}

void
_md_card_visit_note (MdCardVisit *visit, MdCardLayer layer, MdCardHealth health, const char *what,
                     const char *remedy)
{
  MdCardFinding *finding = g_new0 (MdCardFinding, 1);
  finding->layer = layer;
  finding->health = health;
  finding->reader = g_strdup (visit->reader);
  finding->what = g_strdup (what);
  finding->remedy = g_strdup (remedy != NULL ? remedy : "");
  finding->command = g_strdup ("");
  g_ptr_array_add (visit->findings, finding);
}

void
_md_card_visit_for_administrator (MdCardVisit *visit, MdCardLayer layer, const char *what,
                                  const char *remedy, const char *command)
{
  _md_card_visit_bad (visit, layer, what, remedy);
  MdCardFinding *finding = g_ptr_array_index (visit->findings, visit->findings->len - 1);
  g_free (finding->command);
  finding->command = g_strdup (command);
}

void
_md_card_visit_good (MdCardVisit *visit, MdCardLayer layer, const char *what)
{
  _md_card_visit_note (visit, layer, MD_CARD_HEALTH_GOOD, what, NULL);
}

void
_md_card_visit_bad (MdCardVisit *visit, MdCardLayer layer, const char *what, const char *remedy)
{
  _md_card_visit_note (visit, layer, MD_CARD_HEALTH_BAD, what, remedy);
}

void
_md_card_visit_not_reached (MdCardVisit *visit, MdCardLayer first)
{
  for (MdCardLayer layer = first; layer <= MD_CARD_LAYER_EXPIRY; layer++)
    _md_card_visit_note (visit, layer, MD_CARD_HEALTH_UNKNOWN, _ ("Could not be looked at."), NULL);
}

// --- One card ---

// Each answers FALSE with ERROR where the talk with the card ended: what it looks at is not reached
// then, and the contact is to blame.
typedef struct
{
  MdCardVisit above; // whose findings are those of the application and everything above it
  MdCardConnection *connection;
  MdCardInspection inspection;
  MdCardExpiry life;
  gboolean garbled; // an answer made sense only when it was asked for once more
} Talk;

// What the card says of its contents, and not what became of the talk with it. Garbage may be
// either: who asks once more knows.
static gboolean
is_about_data (const GError *error)
{
  return g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_NO_DATA)
         || g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_PROTOCOL)
         || g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_UNSUPPORTED)
         || g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_NEEDED);
}

// Whether the talk goes on after LOCAL_ERROR (transfer full), which may be NULL.
static gboolean
goes_on (GError *local_error, GError **error)
{
  if (local_error != NULL && !is_about_data (local_error))
    {
      g_propagate_error (error, local_error);
      return FALSE;
    }
  g_clear_error (&local_error);
  return TRUE;
}

// The card's own life, which may end before its certificate's.
static gboolean
read_life (Talk *talk, MdMyNumberCard *card, GError **error)
{
  GCancellable *cancellable = talk->above.cancellable;
  GError *local_error = NULL;
  MdCardCommon common = { 0 };
  MdDate today;
  gboolean read = md_mynumber_card_read_common (card, &common, cancellable, &local_error);
  if (!read && !goes_on (g_steal_pointer (&local_error), error))
    return FALSE;
  read = read || md_mynumber_card_read_manager (card, &common, cancellable, &local_error);
  if (!read && !goes_on (g_steal_pointer (&local_error), error))
    return FALSE;
  md_date_from_wall_us (md_clock_get_wall_us (talk->above.clock), &today);
  if (read)
    talk->life = md_card_expiry_judge (common.expiry, &today, MD_CARD_EXPIRY_MONTHS);
  md_wipe (&common, sizeof common);
  return TRUE;
}

// TRUE where LIFE is what there is to say.
static gboolean
examine_life (MdCardVisit *visit, MdCardExpiry life)
{
  if (life == MD_CARD_EXPIRY_PAST)
    _md_card_visit_bad (visit, MD_CARD_LAYER_EXPIRY, _ ("The card itself has expired."),
                        _ ("It is no identity document any more; a new one is applied for at the "
                           "My Number card counter."));
  else if (life == MD_CARD_EXPIRY_SOON)
    _md_card_visit_note (visit, MD_CARD_LAYER_EXPIRY, MD_CARD_HEALTH_WARNING,
                         _ ("The card itself expires within three months."),
                         _ ("Tell its owner that it can be renewed already."));
  return life == MD_CARD_EXPIRY_PAST || life == MD_CARD_EXPIRY_SOON;
}

static void
examine_validity (MdCardVisit *visit, const MdCertificate *certificate, MdCardExpiry life)
{
  gint64 wall_us = md_clock_get_wall_us (visit->clock);
  gint64 now = wall_us / G_USEC_PER_SEC;
  MdIdentityLife its_own;
  md_identity_judge_certificate (certificate, wall_us, MD_CARD_EXPIRY_MONTHS, &its_own);
  if (md_certificate_get_not_before (certificate) > now)
    _md_card_visit_bad (visit, MD_CARD_LAYER_EXPIRY, _ ("The certificate is not valid yet."),
                        _ ("Check date and time of this terminal first."));
  else if (life == MD_CARD_EXPIRY_PAST)
    (void)examine_life (visit, life);
  else if (md_certificate_get_not_after (certificate) < now)
    _md_card_visit_bad (visit, MD_CARD_LAYER_EXPIRY, _ ("The certificate has expired."),
                        _ ("If date and time of this terminal are right, it is renewed at the "
                           "My Number card counter, and a staff card's by the administrator of "
                           "staff cards."));
  else if (examine_life (visit, life))
    return;
  else if (its_own.state == MD_CARD_EXPIRY_SOON)
    _md_card_visit_note (visit, MD_CARD_LAYER_EXPIRY, MD_CARD_HEALTH_WARNING,
                         _ ("The certificate expires within three months."),
                         _ ("Tell its owner that it can be renewed already."));
  else
    _md_card_visit_good (visit, MD_CARD_LAYER_EXPIRY, _ ("The certificate is valid for a while."));
}

// A certificate that could not be had, and why: ERROR is about data, or NULL where what came is
// none.
static void
examine_no_certificate (MdCardVisit *visit, const GError *error)
{
  if (g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_NO_DATA))
    _md_card_visit_bad (visit, MD_CARD_LAYER_CERTIFICATE, _ ("The card holds no certificate."),
                        _ ("Use another identity document; the certificate is issued at the "
                           "My Number card counter, and a staff card's by the administrator of "
                           "staff cards."));
  else if (g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_NEEDED))
    _md_card_visit_note (visit, MD_CARD_LAYER_CERTIFICATE, MD_CARD_HEALTH_WARNING,
                         _ ("The card shows its certificate only after a PIN."),
                         _ ("Whether it is in order is seen when the PIN is entered."));
  else if (g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_UNSUPPORTED))
    _md_card_visit_bad (visit, MD_CARD_LAYER_CERTIFICATE,
                        _ ("The reader or the card cannot do what reading the certificate needs."),
                        _ ("Try the card on another reader."));
  else
    _md_card_visit_bad (visit, MD_CARD_LAYER_CERTIFICATE,
                        _ ("What the card gives as its certificate came damaged, twice."),
                        _ ("Take the card out of its case, put it there again and look once more; "
                           "if this stays, use another identity document."));
}

static gboolean
ask_tries (Talk *talk, MdMyNumberCard *card, MdCardPin pin, int *out_tries, GError **error)
{
  GError *local_error = NULL;
  if (!_md_identify_ask_tries (card, pin, out_tries, talk->above.cancellable, &local_error))
    *out_tries = MD_CARD_TRIES_UNKNOWN;
  return goes_on (local_error, error);
}

// By the card's own record of it where it has one; and where the record says yes, by the file,
// which needs its password to be read and says without it whether it is there.
static gboolean
look_for_signature (Talk *talk, MdMyNumberCard *card, GError **error)
{
  GCancellable *cancellable = talk->above.cancellable;
  MdCardInspection *inspection = &talk->inspection;
  GError *local_error = NULL;
  inspection->has_auth_certificate = inspection->has_sign_certificate = TRUE;
  if (!md_mynumber_card_read_flags (card, &inspection->has_sign_certificate,
                                    &inspection->has_auth_certificate, cancellable, &local_error)
      && !goes_on (g_steal_pointer (&local_error), error))
    return FALSE;
  if (!inspection->has_sign_certificate)
    return TRUE;
  g_autoptr (GBytes) unread = md_mynumber_card_read_certificate (card, MD_CARD_CERTIFICATE_SIGN,
                                                                 cancellable, &local_error);
  if (g_error_matches (local_error, MD_CARD_ERROR, MD_CARD_ERROR_NO_DATA))
    inspection->has_sign_certificate = FALSE;
  return goes_on (local_error, error);
}

// What a person has chosen, and what is printed on the card; a phone has nothing printed on it.
static gboolean
ask_all_tries (Talk *talk, MdMyNumberCard *card, MdPinTries *pins, gsize count, GError **error)
{
  const gboolean phone = md_card_inspection_is_phone (&talk->inspection);
  for (gsize i = 0; i < count; i++)
    {
      const gboolean has
          = !phone || pins[i].pin == MD_CARD_PIN_AUTH || pins[i].pin == MD_CARD_PIN_SIGN;
      pins[i].tries = MD_CARD_TRIES_NONE;
      if (has && !ask_tries (talk, card, pins[i].pin, &pins[i].tries, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
examine_pins (Talk *talk, MdMyNumberCard *card, GError **error)
{
  // In the order in which the card is asked: by application.
  MdPinTries pins[]
      = { { MD_CARD_PIN_AUTH, 0 },   { MD_CARD_PIN_SIGN, 0 },   { MD_CARD_PIN_TEXT, 0 },
          { MD_CARD_PIN_TEXT_B, 0 }, { MD_CARD_PIN_TEXT_A, 0 }, { MD_CARD_PIN_FACE_B, 0 },
          { MD_CARD_PIN_FACE_A, 0 } };
  const gsize chosen = 3; // so many of the first
  MdCardInspection *inspection = &talk->inspection;
  if (!look_for_signature (talk, card, error)
      || !ask_all_tries (talk, card, pins, G_N_ELEMENTS (pins), error))
    return FALSE;
  inspection->tries_auth = pins[0].tries;
  inspection->tries_sign = pins[1].tries;
  inspection->tries_text = pins[2].tries;
  if (!inspection->has_sign_certificate) // a password without its certificate is nobody's trouble
    pins[1].tries = MD_CARD_TRIES_NONE;
  const gsize first = md_card_inspection_is_face_card (inspection) ? chosen : 0;
  if (_md_card_visit_pins (&talk->above, pins + first, G_N_ELEMENTS (pins) - first))
    return TRUE;
  _md_card_visit_good (
      &talk->above, MD_CARD_LAYER_PIN,
      first > 0
          ? _ ("This card was issued without PINs: its photograph is compared with its holder.")
          : _ ("No PIN of this card is locked."));
  return TRUE;
}

// Which kind of card answers to the application of the resident's certificates. A label that no
// card has is asked for once more.
static gboolean
examine_token (Talk *talk, MdMyNumberCard *card, GError **error)
{
  MdTokenKind kind = MD_TOKEN_UNKNOWN;
  gboolean read = FALSE;
  for (int attempt = 0; attempt < 2 && kind == MD_TOKEN_UNKNOWN; attempt++)
    {
      g_autofree char *label = NULL;
      GError *local_error = NULL;
      read = md_mynumber_card_read_token (card, &kind, &label, talk->above.cancellable,
                                          &local_error);
      if (!goes_on (local_error, error))
        return FALSE;
      talk->garbled = talk->garbled || (attempt == 1 && kind != MD_TOKEN_UNKNOWN);
    }
  talk->inspection.token = kind;
  if (kind == MD_TOKEN_OLD_CARD)
    _md_card_visit_bad (
        &talk->above, MD_CARD_LAYER_APPLICATION,
        _ ("It is a resident register card (住基カード) of before 2016, not a My Number card."),
        _ ("It cannot be used here: take a My Number card, or identify by documents."));
  else if (kind == MD_TOKEN_UNKNOWN)
    _md_card_visit_note (
        &talk->above, MD_CARD_LAYER_APPLICATION, read ? MD_CARD_HEALTH_WARNING : MD_CARD_HEALTH_BAD,
        _ ("The card answers as a My Number card does, but does not tell of which kind it is."),
        _ ("Try another card; if that one is recognised, this card is the cause."));
  else
    _md_card_visit_good (&talk->above, MD_CARD_LAYER_APPLICATION,
                         md_card_inspection_is_phone (&talk->inspection)
                             ? _ ("It is a phone with the certificates of a My Number card.")
                             : _ ("It is a My Number card."));
  return TRUE;
}

// (transfer full; NULL without ERROR where what came is no certificate)
static MdCertificate *
read_once (Talk *talk, MdMyNumberCard *card, GError **error)
{
  g_autoptr (GBytes) der = md_mynumber_card_read_certificate (card, MD_CARD_CERTIFICATE_AUTH,
                                                              talk->above.cancellable, error);
  return der != NULL ? md_certificate_new_from_der (der, NULL) : NULL;
}

// Two readings have to agree before a card is called damaged, or empty: the second one begins anew.
static MdCertificate *
read_certificate (Talk *talk, MdMyNumberCard *card, GError **error)
{
  g_autoptr (GError) first = NULL;
  g_autoptr (MdCertificate) certificate = read_once (talk, card, &first);
  if (certificate != NULL)
    return g_steal_pointer (&certificate);
  if (first != NULL && !g_error_matches (first, MD_CARD_ERROR, MD_CARD_ERROR_PROTOCOL)
      && !g_error_matches (first, MD_CARD_ERROR, MD_CARD_ERROR_NO_DATA))
    {
      g_propagate_error (error, g_steal_pointer (&first));
      return NULL;
    }
  g_autoptr (MdMyNumberCard) anew
      = md_mynumber_card_new (talk->connection, talk->above.cancellable, error);
  if (anew != NULL)
    certificate = read_once (talk, anew, error);
  talk->garbled = talk->garbled || certificate != NULL;
  return g_steal_pointer (&certificate);
}

static gboolean
examine_certificate (Talk *talk, MdMyNumberCard *card, GError **error)
{
  MdCardVisit *visit = &talk->above;
  g_autoptr (GError) local_error = NULL;
  g_autoptr (MdCertificate) certificate = read_certificate (talk, card, &local_error);
  if (certificate != NULL)
    {
      if (!talk->inspection.has_auth_certificate)
        _md_card_visit_note (
            visit, MD_CARD_LAYER_CERTIFICATE, MD_CARD_HEALTH_WARNING,
            _ ("The user certificate was read, but by the card's own record it has none."),
            _ ("Identify by the photograph of the card, or by another identity document."));
      else
        _md_card_visit_good (
            visit, MD_CARD_LAYER_CERTIFICATE,
            talk->inspection.has_sign_certificate
                ? _ ("The user certificate was read, and there is a signature certificate.")
                : _ ("The user certificate was read; there is no signature certificate."));
      examine_validity (visit, certificate, talk->life);
      return TRUE;
    }
  if (local_error != NULL && !is_about_data (local_error))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  examine_no_certificate (visit, local_error);
  (void)examine_life (visit, talk->life);
  return TRUE;
}

static gboolean
examine_resident (Talk *talk, MdMyNumberCard *card, GError **error)
{
  if (!examine_token (talk, card, error))
    return FALSE;
  if (talk->inspection.token == MD_TOKEN_OLD_CARD)
    return TRUE;
  return examine_pins (talk, card, error) && read_life (talk, card, error)
         && examine_certificate (talk, card, error);
}

static gboolean
examine_staff (Talk *talk, MdStaffCard *card, GError **error)
{
  MdPinTries pin = { MD_CARD_PIN_STAFF, MD_CARD_TRIES_NONE };
  GCancellable *cancellable = talk->above.cancellable;
  GError *local_error = NULL;
  _md_card_visit_good (&talk->above, MD_CARD_LAYER_APPLICATION, _ ("It is a staff card."));
  if (!md_staff_card_get_tries (card, &pin.tries, cancellable, &local_error)
      && !goes_on (g_steal_pointer (&local_error), error))
    return FALSE;
  if (!_md_card_visit_pins (&talk->above, &pin, 1))
    _md_card_visit_good (&talk->above, MD_CARD_LAYER_PIN, _ ("No PIN of this card is locked."));
  g_autoptr (GBytes) der
      = md_staff_card_read_certificate (card, MD_STAFF_SLOT_CARD_AUTH, cancellable, &local_error);
  g_autoptr (MdCertificate) certificate
      = der != NULL ? md_certificate_new_from_der (der, NULL) : NULL;
  if (certificate != NULL)
    {
      _md_card_visit_good (&talk->above, MD_CARD_LAYER_CERTIFICATE,
                           _ ("The certificate of the staff card was read."));
      examine_validity (&talk->above, certificate, MD_CARD_EXPIRY_UNKNOWN);
    }
  else if (local_error == NULL || is_about_data (local_error))
    examine_no_certificate (&talk->above, local_error);
  return goes_on (local_error, error);
}

// (either may come, or neither where there is another card, or ERROR)
static gboolean
recognise (Talk *talk, MdMyNumberCard **out_resident, MdStaffCard **out_staff, GError **error)
{
  GCancellable *cancellable = talk->above.cancellable;
  g_autoptr (GError) local_error = NULL;
  *out_resident = md_mynumber_card_new (talk->connection, cancellable, &local_error);
  if (g_error_matches (local_error, MD_CARD_ERROR, MD_CARD_ERROR_WRONG_CARD))
    {
      g_clear_error (&local_error);
      *out_staff = md_staff_card_new (talk->connection, cancellable, &local_error);
    }
  if (local_error == NULL
      || g_error_matches (local_error, MD_CARD_ERROR, MD_CARD_ERROR_UNKNOWN_CARD))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
examine_card (Talk *talk, GError **error)
{
  g_autoptr (MdMyNumberCard) resident = NULL;
  g_autoptr (MdStaffCard) staff = NULL;
  if (!recognise (talk, &resident, &staff, error))
    return FALSE;
  if (resident != NULL)
    return examine_resident (talk, resident, error);
  if (staff != NULL)
    return examine_staff (talk, staff, error);
  _md_card_visit_bad (
      &talk->above, MD_CARD_LAYER_APPLICATION,
      _ ("The card has none of the applications that are needed."),
      _ ("Take it off the reader, and put a My Number card or a staff card there."));
  return TRUE;
}

// --- Between reader and card ---

// ERROR ended the talk.
static void
blame_contact (MdCardVisit *visit, const GError *error)
{
  g_autoptr (MdCardText) text = md_card_text_for_error (error);
  gboolean weak = g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_REMOVED)
                  || g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_NO_CARD);
  _md_card_visit_bad (visit, MD_CARD_LAYER_CONTACT, text->title,
                      weak ? _ ("Put the card there again and leave it until the result is shown.")
                           : _ ("Take the card out of its case and put it there again, alone and "
                                "the right way round."));
}

static gboolean
is_about_contact (const GError *error)
{
  static const MdCardError codes[]
      = { MD_CARD_ERROR_NO_CARD, MD_CARD_ERROR_REMOVED,     MD_CARD_ERROR_MUTE,
          MD_CARD_ERROR_TIMEOUT, MD_CARD_ERROR_PROTOCOL,    MD_CARD_ERROR_UNSUPPORTED,
          MD_CARD_ERROR_FAILED,  MD_CARD_ERROR_UNKNOWN_CARD };
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_error_matches (error, MD_CARD_ERROR, (int)codes[i]))
      return TRUE;
  return FALSE;
}

gboolean
_md_card_visit_card (MdCardVisit *visit, MdCardConnection *connection, GError **error)
{
  g_autoptr (GPtrArray) found = _md_card_findings_new ();
  g_autoptr (GError) trouble = NULL;
  Talk talk = { .above = *visit, .connection = connection, .life = MD_CARD_EXPIRY_UNKNOWN };
  talk.above.findings = found;
  if (!examine_card (&talk, &trouble) && !is_about_contact (trouble))
    {
      g_propagate_error (error, g_steal_pointer (&trouble));
      return FALSE;
    }
  if (trouble != NULL)
    blame_contact (visit, trouble);
  else if (talk.garbled)
    _md_card_visit_note (visit, MD_CARD_LAYER_CONTACT, MD_CARD_HEALTH_WARNING,
                         _ ("The card had to be asked twice: an answer came damaged."),
                         _ ("Take the card out of its case and put it there again, alone and the "
                            "right way round."));
  else
    _md_card_visit_good (visit, MD_CARD_LAYER_CONTACT, _ ("The card answers."));
  // One row for each layer, so their number tells which one is next.
  MdCardLayer next = (MdCardLayer)(MD_CARD_LAYER_APPLICATION + found->len);
  g_ptr_array_extend_and_steal (visit->findings, g_steal_pointer (&found));
  _md_card_visit_not_reached (visit, next);
  return TRUE;
}

void
_md_card_visit_refusal (MdCardVisit *visit, const GError *error)
{
  const char *holder = md_card_error_get_holder (error);
  g_autofree char *held
      = holder != NULL ? g_strdup_printf (_ ("The card is probably held by: %s."), holder)
                       : g_strdup (_ ("Another program holds the card; which one cannot be told."));
  if (g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_BUSY))
    {
      _md_card_visit_bad (
          visit, MD_CARD_LAYER_OTHER_PROGRAM, held,
          _ ("Close that program, or take the card off the reader and put it back."));
      _md_card_visit_not_reached (visit, MD_CARD_LAYER_CONTACT);
      return;
    }
  if (g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_NO_PERMISSION))
    {
      _md_card_visit_for_administrator (
          visit, MD_CARD_LAYER_PERMISSION, _ ("This user may not use the card in this reader."),
          _ ("Ask the administrator to allow it."),
          _ ("Allow it by a polkit rule for org.debian.pcsc-lite.access_card."));
      _md_card_visit_not_reached (visit, MD_CARD_LAYER_OTHER_PROGRAM);
      return;
    }
  if (g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_NO_READER))
    {
      _md_card_visit_bad (visit, MD_CARD_LAYER_USB, _ ("The card reader is not connected."),
                          _ ("Plug the reader in, try another socket, and then another cable."));
      _md_card_visit_not_reached (visit, MD_CARD_LAYER_OTHER_PROGRAM);
      return;
    }
  _md_card_visit_good (visit, MD_CARD_LAYER_OTHER_PROGRAM, _ ("No other program holds the card."));
  if (g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_NO_CARD))
    _md_card_visit_note (visit, MD_CARD_LAYER_CONTACT, MD_CARD_HEALTH_UNKNOWN,
                         _ ("There is no card on the reader."),
                         _ ("Put a card there, and look again."));
  else
    blame_contact (visit, error);
  _md_card_visit_not_reached (visit, MD_CARD_LAYER_APPLICATION);
}
