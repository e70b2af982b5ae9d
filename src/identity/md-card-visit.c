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
  g_ptr_array_add (visit->findings, finding);
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

// What an error of talking to the card says about the contact.
static void
blame_contact (MdCardVisit *visit, const GError *error)
{
  g_autoptr (MdCardText) text = md_card_text_for_error (error);
  _md_card_visit_bad (visit, MD_CARD_LAYER_CONTACT, text->title, text->action);
}

static gboolean
is_about_data (const GError *error)
{
  return g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_NO_DATA)
         || g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_PROTOCOL)
         || g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_UNSUPPORTED)
         || g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_NEEDED);
}

// The card's own life, which may end before its certificate's.
static MdCardExpiry
read_life (MdCardVisit *visit, MdMyNumberCard *card)
{
  MdCardCommon common = { 0 };
  MdDate today;
  if (!md_mynumber_card_read_common (card, &common, visit->cancellable, NULL)
      && !md_mynumber_card_read_manager (card, &common, visit->cancellable, NULL))
    return MD_CARD_EXPIRY_UNKNOWN;
  md_date_from_wall_us (md_clock_get_wall_us (visit->clock), &today);
  MdCardExpiry life = md_card_expiry_judge (common.expiry, &today, MD_CARD_EXPIRY_MONTHS);
  md_wipe (&common, sizeof common);
  return life;
}

// TRUE where LIFE is what there is to say.
static gboolean
examine_life (MdCardVisit *visit, MdCardExpiry life)
{
  if (life == MD_CARD_EXPIRY_PAST)
    _md_card_visit_bad (visit, MD_CARD_LAYER_EXPIRY, _ ("The card itself has expired."),
                        _ ("It is no identity document any more. A new card is applied for at the "
                           "card counter of the office; check the date of this machine, too."));
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
                        _ ("Check date and time of this machine first."));
  else if (life == MD_CARD_EXPIRY_PAST)
    (void)examine_life (visit, life);
  else if (md_certificate_get_not_after (certificate) < now)
    _md_card_visit_bad (
        visit, MD_CARD_LAYER_EXPIRY, _ ("The certificate has expired."),
        _ ("It is renewed at the card counter of the office; check date and time of this machine, "
           "too."));
  else if (examine_life (visit, life))
    return;
  else if (its_own.state == MD_CARD_EXPIRY_SOON)
    _md_card_visit_note (visit, MD_CARD_LAYER_EXPIRY, MD_CARD_HEALTH_WARNING,
                         _ ("The certificate expires within three months."),
                         _ ("Tell its owner that it can be renewed already."));
  else
    _md_card_visit_good (visit, MD_CARD_LAYER_EXPIRY, _ ("The certificate is valid for a while."));
}

// The certificate as it was read, or ERROR (transfer full).
static void
examine_certificate (MdCardVisit *visit, GBytes *der, MdCardExpiry life, GError *error)
{
  g_autoptr (MdCertificate) certificate
      = der != NULL ? md_certificate_new_from_der (der, NULL) : NULL;
  if (certificate != NULL)
    {
      _md_card_visit_good (visit, MD_CARD_LAYER_CERTIFICATE, _ ("The certificate was read."));
      examine_validity (visit, certificate, life);
    }
  else if (der != NULL || is_about_data (error))
    {
      _md_card_visit_bad (
          visit, MD_CARD_LAYER_CERTIFICATE,
          der != NULL ? _ ("The certificate on the card is damaged.")
                      : _ ("The card holds no certificate."),
          _ ("Use another identity document; the certificate is issued anew at the card counter of "
             "the office."));
      if (!examine_life (visit, life))
        _md_card_visit_not_reached (visit, MD_CARD_LAYER_EXPIRY);
    }
  else
    {
      blame_contact (visit, error);
      _md_card_visit_not_reached (visit, MD_CARD_LAYER_CERTIFICATE);
    }
  g_clear_error (&error);
}

// TRIES of each PIN; MD_CARD_TRIES_NONE for one that the card has not.
static void
examine_tries (MdCardVisit *visit, const int *tries, gsize count)
{
  int least = G_MAXINT;
  gboolean silent = FALSE;
  for (gsize i = 0; i < count; i++)
    if (tries[i] >= 0)
      least = MIN (least, tries[i]);
    else
      silent = silent || tries[i] == MD_CARD_TRIES_UNKNOWN;
  if (silent && least > 1)
    {
      _md_card_visit_note (visit, MD_CARD_LAYER_PIN, MD_CARD_HEALTH_WARNING,
                           _ ("The card does not tell how many tries are left for a PIN."),
                           _ ("Enter it only if it is certain."));
      return;
    }
  if (least == G_MAXINT)
    _md_card_visit_note (visit, MD_CARD_LAYER_PIN, MD_CARD_HEALTH_UNKNOWN,
                         _ ("Could not be looked at."), NULL);
  else if (least == 0)
    _md_card_visit_bad (visit, MD_CARD_LAYER_PIN, _ ("A PIN of this card is locked."),
                        _ ("It is set again at the counter that issues such cards."));
  else if (least == 1)
    _md_card_visit_note (visit, MD_CARD_LAYER_PIN, MD_CARD_HEALTH_WARNING,
                         _ ("A PIN of this card has one last try."),
                         _ ("Enter it only if it is certain."));
  else
    _md_card_visit_good (visit, MD_CARD_LAYER_PIN, _ ("No PIN of this card is locked."));
}

static void
examine_pins (MdCardVisit *visit, MdMyNumberCard *card)
{
  g_autoptr (MdCardInspection) inspection
      = _md_identify_inspect_card (card, visit->cancellable, NULL);
  const int tries[] = { inspection != NULL ? inspection->tries_auth : MD_CARD_TRIES_NONE,
                        inspection != NULL ? inspection->tries_text : MD_CARD_TRIES_NONE,
                        inspection != NULL ? inspection->tries_sign : MD_CARD_TRIES_NONE };
  if (inspection != NULL && md_card_inspection_is_face_card (inspection))
    _md_card_visit_good (
        visit, MD_CARD_LAYER_PIN,
        _ ("This card was issued without PINs: its photograph is compared with its holder."));
  else
    examine_tries (visit, tries, G_N_ELEMENTS (tries));
}

// Which kind of card answers to the application of the resident's certificates. FALSE: none that is
// of use here.
static gboolean
examine_token (MdCardVisit *visit, MdMyNumberCard *card)
{
  MdTokenKind kind = MD_TOKEN_UNKNOWN;
  g_autofree char *label = NULL;
  if (!md_mynumber_card_read_token (card, &kind, &label, visit->cancellable, NULL))
    kind = MD_TOKEN_UNKNOWN;
  if (kind == MD_TOKEN_OLD_CARD)
    {
      _md_card_visit_bad (
          visit, MD_CARD_LAYER_APPLICATION,
          _ ("It is a resident register card (住基カード) of before 2016, not a My Number card."),
          _ ("It cannot be used here. Put a My Number card there; who has none is "
             "identified by documents."));
      _md_card_visit_not_reached (visit, MD_CARD_LAYER_PIN);
      return FALSE;
    }
  _md_card_visit_good (visit, MD_CARD_LAYER_APPLICATION,
                       kind == MD_TOKEN_ANDROID || kind == MD_TOKEN_IPHONE
                           ? _ ("It is a phone with the certificates of a My Number card.")
                           : _ ("It is a My Number card."));
  return TRUE;
}

static void
examine_resident (MdCardVisit *visit, MdMyNumberCard *card)
{
  GError *error = NULL;
  if (!examine_token (visit, card))
    return;
  examine_pins (visit, card);
  MdCardExpiry life = read_life (visit, card);
  g_autoptr (GBytes) der = md_mynumber_card_read_certificate (card, MD_CARD_CERTIFICATE_AUTH,
                                                              visit->cancellable, &error);
  examine_certificate (visit, der, life, error);
}

static void
examine_staff (MdCardVisit *visit, MdStaffCard *card)
{
  GError *error = NULL;
  _md_card_visit_good (visit, MD_CARD_LAYER_APPLICATION, _ ("It is a staff card."));
  int tries = MD_CARD_TRIES_NONE;
  if (!md_staff_card_get_tries (card, &tries, visit->cancellable, NULL))
    tries = MD_CARD_TRIES_NONE;
  examine_tries (visit, &tries, 1);
  g_autoptr (GBytes) der
      = md_staff_card_read_certificate (card, MD_STAFF_SLOT_CARD_AUTH, visit->cancellable, &error);
  examine_certificate (visit, der, MD_CARD_EXPIRY_UNKNOWN, error);
}

void
_md_card_visit_card (MdCardVisit *visit, MdCardConnection *connection)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdStaffCard) staff = NULL;
  g_autoptr (MdMyNumberCard) resident
      = md_mynumber_card_new (connection, visit->cancellable, &error);
  if (resident == NULL && g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_WRONG_CARD))
    {
      g_clear_error (&error);
      staff = md_staff_card_new (connection, visit->cancellable, &error);
    }
  if (resident == NULL && staff == NULL
      && !g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_UNKNOWN_CARD))
    {
      blame_contact (visit, error);
      _md_card_visit_not_reached (visit, MD_CARD_LAYER_APPLICATION);
      return;
    }
  _md_card_visit_good (visit, MD_CARD_LAYER_CONTACT, _ ("The card answers."));
  if (resident != NULL)
    examine_resident (visit, resident);
  else if (staff != NULL)
    examine_staff (visit, staff);
  else
    {
      _md_card_visit_bad (
          visit, MD_CARD_LAYER_APPLICATION,
          _ ("The card has none of the applications that are needed."),
          _ ("Take it off the reader, and put a My Number card or a staff card there."));
      _md_card_visit_not_reached (visit, MD_CARD_LAYER_PIN);
    }
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
      _md_card_visit_bad (visit, MD_CARD_LAYER_PERMISSION,
                          _ ("This user may not use the card in this reader."),
                          _ ("Have the administrator allow it by a polkit rule for "
                             "org.debian.pcsc-lite.access_card."));
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
