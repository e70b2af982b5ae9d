// SPDX-License-Identifier: Apache-2.0
#include "md-card-doctor.h"

#include "md-identify-private.h"
#include "md-identity-expiry.h"
#include "md-identity-text.h"

#include <glib/gi18n.h>
#include <md-card.h>
#include <md-pki.h>

static const struct
{
  const char *nick;
  const char *label;
} layers[] = {
  [MD_CARD_LAYER_USB] = { "usb", N_ ("USB") },
  [MD_CARD_LAYER_DRIVER] = { "driver", N_ ("Reader driver") },
  [MD_CARD_LAYER_SERVICE] = { "pcscd", N_ ("Card service") },
  [MD_CARD_LAYER_PERMISSION] = { "permission", N_ ("Permission") },
  [MD_CARD_LAYER_OTHER_PROGRAM] = { "other-program", N_ ("Other programs") },
  [MD_CARD_LAYER_CONTACT] = { "contact", N_ ("Contact with the card") },
  [MD_CARD_LAYER_APPLICATION] = { "application", N_ ("Application on the card") },
  [MD_CARD_LAYER_PIN] = { "pin", N_ ("PIN") },
  [MD_CARD_LAYER_CERTIFICATE] = { "certificate", N_ ("Certificate") },
  [MD_CARD_LAYER_EXPIRY] = { "expiry", N_ ("Expiry") },
};

const char *
md_card_layer_nick (MdCardLayer layer)
{
  g_return_val_if_fail (layer < G_N_ELEMENTS (layers), "");
  return layers[layer].nick;
}

const char *
md_card_layer_label (MdCardLayer layer)
{
  g_return_val_if_fail (layer < G_N_ELEMENTS (layers), "");
  return _ (layers[layer].label);
}

// One examination: the findings so far, and where they are about.
typedef struct
{
  GPtrArray *findings;
  MdCardBackend *backend;
  MdClock *clock;
  GCancellable *cancellable;
  const char *reader; // NULL: none in particular
} Visit;

static void
finding_free (gpointer data)
{
  MdCardFinding *self = data;
  g_free (self->reader);
  g_free (self->what);
  g_free (self->remedy);
  g_free (self);
}

// WHAT and REMEDY are translated already.
static void
note (Visit *visit, MdCardLayer layer, MdCardHealth health, const char *what, const char *remedy)
{
  MdCardFinding *finding = g_new0 (MdCardFinding, 1);
  finding->layer = layer;
  finding->health = health;
  finding->reader = g_strdup (visit->reader);
  finding->what = g_strdup (what);
  finding->remedy = g_strdup (remedy != NULL ? remedy : "");
  g_ptr_array_add (visit->findings, finding);
}

static void
good (Visit *visit, MdCardLayer layer, const char *what)
{
  note (visit, layer, MD_CARD_HEALTH_GOOD, what, NULL);
}

static void
bad (Visit *visit, MdCardLayer layer, const char *what, const char *remedy)
{
  note (visit, layer, MD_CARD_HEALTH_BAD, what, remedy);
}

// The layers from FIRST on were not reached.
static void
not_reached (Visit *visit, MdCardLayer first)
{
  for (MdCardLayer layer = first; layer <= MD_CARD_LAYER_EXPIRY; layer++)
    note (visit, layer, MD_CARD_HEALTH_UNKNOWN, _ ("Could not be looked at."), NULL);
}

// --- Below the readers ---

static void
examine_usb (Visit *visit, const MdPcscSurvey *survey, guint readers)
{
  g_autofree char *seen
      = g_strdup_printf (ngettext ("%u card reader is plugged in.",
                                   "%u card readers are plugged in.", survey->usb_readers),
                         survey->usb_readers);
  if (survey->usb_readers > 0)
    good (visit, MD_CARD_LAYER_USB, seen);
  else if (readers > 0)
    good (visit, MD_CARD_LAYER_USB, _ ("The readers in use are not connected by USB."));
  else if (survey->usb_unfit == NULL)
    bad (visit, MD_CARD_LAYER_USB, _ ("No card reader is plugged in."),
         _ ("Plug the reader in, try another socket, and then another cable."));
  else
    good (visit, MD_CARD_LAYER_USB, _ ("A reader is plugged in."));
}

static void
examine_driver (Visit *visit, const MdPcscSurvey *survey, guint readers)
{
  if (readers > 0 && readers >= survey->usb_readers)
    good (visit, MD_CARD_LAYER_DRIVER, _ ("Every reader has its driver."));
  else if (survey->usb_unfit != NULL && survey->usb_readers == 0)
    {
      g_autofree char *what = g_strdup_printf (_ ("There is no driver for the %s on this system."),
                                               survey->usb_unfit);
      bad (visit, MD_CARD_LAYER_DRIVER, what,
           _ ("Use a reader of the CCID standard instead; most readers for My Number cards are."));
    }
  else if (survey->usb_readers > 0)
    bad (visit, MD_CARD_LAYER_DRIVER, _ ("A reader is plugged in, but no driver took it."),
         _ ("Install the package libccid, then unplug the reader and plug it in again."));
  else
    note (visit, MD_CARD_LAYER_DRIVER, MD_CARD_HEALTH_UNKNOWN, _ ("Could not be looked at."), NULL);
}

// The service does not answer, or not to us.
static void
examine_service_trouble (Visit *visit, const MdPcscSurvey *survey, const GError *error)
{
  gboolean forbidden = g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_NO_PERMISSION)
                       || (survey->socket_there && !survey->socket_allowed);
  if (survey->usb_readers > 0 || survey->usb_unfit != NULL)
    examine_usb (visit, survey, 0);
  else
    note (visit, MD_CARD_LAYER_USB, MD_CARD_HEALTH_UNKNOWN, _ ("Could not be looked at."), NULL);
  note (visit, MD_CARD_LAYER_DRIVER, MD_CARD_HEALTH_UNKNOWN, _ ("Could not be looked at."), NULL);
  if (forbidden)
    {
      good (visit, MD_CARD_LAYER_SERVICE, _ ("The card service runs."));
      bad (visit, MD_CARD_LAYER_PERMISSION, _ ("This user may not use the card service."),
           _ ("Have the administrator allow it by a polkit rule for "
              "org.debian.pcsc-lite.access_pcsc "
              "and access_card."));
    }
  else if (!survey->service_installed)
    bad (visit, MD_CARD_LAYER_SERVICE, _ ("The card service is not installed."),
         _ ("Install the package pcscd."));
  else
    bad (visit, MD_CARD_LAYER_SERVICE, _ ("The card service does not run."),
         _ ("Start it: systemctl start pcscd.socket"));
  not_reached (visit, forbidden ? MD_CARD_LAYER_OTHER_PROGRAM : MD_CARD_LAYER_PERMISSION);
}

// --- One card ---

// What an error of talking to the card says about the contact.
static void
blame_contact (Visit *visit, const GError *error)
{
  g_autoptr (MdCardText) text = md_card_text_for_error (error);
  bad (visit, MD_CARD_LAYER_CONTACT, text->title, text->action);
}

static gboolean
is_about_data (const GError *error)
{
  return g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_NO_DATA)
         || g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_PROTOCOL)
         || g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_UNSUPPORTED)
         || g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_NEEDED);
}

static void
examine_validity (Visit *visit, const MdCertificate *certificate)
{
  gint64 wall_us = md_clock_get_wall_us (visit->clock);
  gint64 now = wall_us / G_USEC_PER_SEC;
  MdIdentityLife life;
  md_identity_judge_certificate (certificate, wall_us, MD_CARD_EXPIRY_MONTHS, &life);
  if (md_certificate_get_not_before (certificate) > now)
    bad (visit, MD_CARD_LAYER_EXPIRY, _ ("The certificate is not valid yet."),
         _ ("Check date and time of this machine first."));
  else if (md_certificate_get_not_after (certificate) < now)
    bad (visit, MD_CARD_LAYER_EXPIRY, _ ("The certificate has expired."),
         _ ("It is renewed at the card counter of the office; check date and time of this machine, "
            "too."));
  else if (life.state == MD_CARD_EXPIRY_SOON)
    note (visit, MD_CARD_LAYER_EXPIRY, MD_CARD_HEALTH_WARNING,
          _ ("The certificate expires within three months."),
          _ ("Tell its owner that it can be renewed already."));
  else
    good (visit, MD_CARD_LAYER_EXPIRY, _ ("The certificate is valid for a while."));
}

// The certificate as it was read, or ERROR (transfer full).
static void
examine_certificate (Visit *visit, GBytes *der, GError *error)
{
  g_autoptr (MdCertificate) certificate
      = der != NULL ? md_certificate_new_from_der (der, NULL) : NULL;
  if (certificate != NULL)
    {
      good (visit, MD_CARD_LAYER_CERTIFICATE, _ ("The certificate was read."));
      examine_validity (visit, certificate);
    }
  else if (der != NULL || is_about_data (error))
    {
      bad (
          visit, MD_CARD_LAYER_CERTIFICATE,
          der != NULL ? _ ("The certificate on the card is damaged.")
                      : _ ("The card holds no certificate."),
          _ ("Use another identity document; the certificate is issued anew at the card counter of "
             "the office."));
      not_reached (visit, MD_CARD_LAYER_EXPIRY);
    }
  else
    {
      blame_contact (visit, error);
      not_reached (visit, MD_CARD_LAYER_CERTIFICATE);
    }
  g_clear_error (&error);
}

// TRIES of each PIN; MD_CARD_TRIES_NONE for one that the card has not.
static void
examine_tries (Visit *visit, const int *tries, gsize count)
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
      note (visit, MD_CARD_LAYER_PIN, MD_CARD_HEALTH_WARNING,
            _ ("The card does not tell how many tries are left for a PIN."),
            _ ("Enter it only if it is certain."));
      return;
    }
  if (least == G_MAXINT)
    note (visit, MD_CARD_LAYER_PIN, MD_CARD_HEALTH_UNKNOWN, _ ("Could not be looked at."), NULL);
  else if (least == 0)
    bad (visit, MD_CARD_LAYER_PIN, _ ("A PIN of this card is locked."),
         _ ("It is set again at the counter that issues such cards."));
  else if (least == 1)
    note (visit, MD_CARD_LAYER_PIN, MD_CARD_HEALTH_WARNING,
          _ ("A PIN of this card has one last try."), _ ("Enter it only if it is certain."));
  else
    good (visit, MD_CARD_LAYER_PIN, _ ("No PIN of this card is locked."));
}

static void
examine_pins (Visit *visit, MdMyNumberCard *card)
{
  g_autoptr (MdCardInspection) inspection
      = _md_identify_inspect_card (card, visit->cancellable, NULL);
  const int tries[] = { inspection != NULL ? inspection->tries_auth : MD_CARD_TRIES_NONE,
                        inspection != NULL ? inspection->tries_text : MD_CARD_TRIES_NONE,
                        inspection != NULL ? inspection->tries_sign : MD_CARD_TRIES_NONE };
  if (inspection != NULL && md_card_inspection_is_face_card (inspection))
    good (visit, MD_CARD_LAYER_PIN,
          _ ("This card was issued without PINs: its photograph is compared with its holder."));
  else
    examine_tries (visit, tries, G_N_ELEMENTS (tries));
}

static void
examine_resident (Visit *visit, MdMyNumberCard *card)
{
  GError *error = NULL;
  good (visit, MD_CARD_LAYER_APPLICATION, _ ("It is a My Number card."));
  examine_pins (visit, card);
  g_autoptr (GBytes) der = md_mynumber_card_read_certificate (card, MD_CARD_CERTIFICATE_AUTH,
                                                              visit->cancellable, &error);
  examine_certificate (visit, der, error);
}

static void
examine_staff (Visit *visit, MdStaffCard *card)
{
  GError *error = NULL;
  good (visit, MD_CARD_LAYER_APPLICATION, _ ("It is a staff card."));
  int tries = MD_CARD_TRIES_NONE;
  if (!md_staff_card_get_tries (card, &tries, visit->cancellable, NULL))
    tries = MD_CARD_TRIES_NONE;
  examine_tries (visit, &tries, 1);
  g_autoptr (GBytes) der
      = md_staff_card_read_certificate (card, MD_STAFF_SLOT_CARD_AUTH, visit->cancellable, &error);
  examine_certificate (visit, der, error);
}

static void
examine_card (Visit *visit, MdCardConnection *connection)
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
      not_reached (visit, MD_CARD_LAYER_APPLICATION);
      return;
    }
  good (visit, MD_CARD_LAYER_CONTACT, _ ("The card answers."));
  if (resident != NULL)
    examine_resident (visit, resident);
  else if (staff != NULL)
    examine_staff (visit, staff);
  else
    {
      bad (visit, MD_CARD_LAYER_APPLICATION,
           _ ("The card has none of the applications that are needed."),
           _ ("Take it off the reader, and put a My Number card or a staff card there."));
      not_reached (visit, MD_CARD_LAYER_PIN);
    }
}

// Where connecting itself failed.
static void
examine_refusal (Visit *visit, const GError *error)
{
  const char *holder = md_card_error_get_holder (error);
  g_autofree char *held
      = holder != NULL ? g_strdup_printf (_ ("The card is probably held by: %s."), holder)
                       : g_strdup (_ ("Another program holds the card; which one cannot be told."));
  if (g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_BUSY))
    {
      bad (visit, MD_CARD_LAYER_OTHER_PROGRAM, held,
           _ ("Close that program, or take the card off the reader and put it back."));
      not_reached (visit, MD_CARD_LAYER_CONTACT);
      return;
    }
  if (g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_NO_PERMISSION))
    {
      bad (visit, MD_CARD_LAYER_PERMISSION, _ ("This user may not use the card in this reader."),
           _ ("Have the administrator allow it by a polkit rule for "
              "org.debian.pcsc-lite.access_card."));
      not_reached (visit, MD_CARD_LAYER_OTHER_PROGRAM);
      return;
    }
  if (g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_NO_READER))
    {
      bad (visit, MD_CARD_LAYER_USB, _ ("The card reader is not connected."),
           _ ("Plug the reader in, try another socket, and then another cable."));
      not_reached (visit, MD_CARD_LAYER_OTHER_PROGRAM);
      return;
    }
  good (visit, MD_CARD_LAYER_OTHER_PROGRAM, _ ("No other program holds the card."));
  if (g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_NO_CARD))
    note (visit, MD_CARD_LAYER_CONTACT, MD_CARD_HEALTH_UNKNOWN,
          _ ("There is no card on the reader."), _ ("Put a card there, and look again."));
  else
    blame_contact (visit, error);
  not_reached (visit, MD_CARD_LAYER_APPLICATION);
}

static void
examine_reader (Visit *visit, const char *reader)
{
  g_autoptr (GError) error = NULL;
  visit->reader = reader;
  g_autoptr (MdCardConnection) connection
      = md_card_connection_open (visit->backend, reader, visit->cancellable, &error);
  if (connection != NULL)
    {
      good (visit, MD_CARD_LAYER_OTHER_PROGRAM, _ ("No other program holds the card."));
      examine_card (visit, connection);
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    examine_refusal (visit, error);
  visit->reader = NULL;
}

GPtrArray *
md_card_doctor_examine (MdCardBackend *backend, MdClock *clock, const char *usb_folder,
                        GCancellable *cancellable)
{
  g_return_val_if_fail (MD_IS_CARD_BACKEND (backend) && MD_IS_CLOCK (clock), NULL);
  g_autoptr (GPtrArray) findings = g_ptr_array_new_with_free_func (finding_free);
  g_autoptr (GError) error = NULL;
  Visit visit
      = { .findings = findings, .backend = backend, .clock = clock, .cancellable = cancellable };
  MdPcscSurvey survey;
  md_pcsc_survey (usb_folder, &survey);
  g_auto (GStrv) readers = md_card_backend_list (backend, cancellable, &error);
  if (readers == NULL)
    {
      examine_service_trouble (&visit, &survey, error);
      return g_steal_pointer (&findings);
    }
  guint count = g_strv_length (readers);
  examine_usb (&visit, &survey, count);
  examine_driver (&visit, &survey, count);
  good (&visit, MD_CARD_LAYER_SERVICE, _ ("The card service runs."));
  good (&visit, MD_CARD_LAYER_PERMISSION, _ ("This user may use the card service."));
  for (char **reader = readers; *reader != NULL; reader++)
    examine_reader (&visit, *reader);
  if (count == 0)
    not_reached (&visit, MD_CARD_LAYER_OTHER_PROGRAM);
  return g_steal_pointer (&findings);
}

static void
findings_destroy (gpointer findings)
{
  g_ptr_array_unref (findings);
}

static void
examine_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (MdPcscBackend) backend = md_pcsc_backend_new ();
  GPtrArray *findings = md_card_doctor_examine (MD_CARD_BACKEND (backend), md_clock_get_system (),
                                                NULL, cancellable);
  g_task_return_pointer (task, findings, findings_destroy);
}

void
md_card_doctor_examine_async (GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, md_card_doctor_examine_async);
  g_task_set_return_on_cancel (task, TRUE);
  g_task_run_in_thread (task, examine_thread);
}

GPtrArray *
md_card_doctor_examine_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
