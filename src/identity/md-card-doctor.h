// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_IDENTITY_INSIDE) && !defined(MD_IDENTITY_COMPILATION)
#error "include <md-identity.h>, not this file"
#endif

#include <md-base.h>
#include <md-pcsc.h>

G_BEGIN_DECLS

// What reading a card stands on, from the plug to the person.
typedef enum
{
  MD_CARD_LAYER_USB,
  MD_CARD_LAYER_DRIVER,
  MD_CARD_LAYER_SERVICE, // pcscd
  MD_CARD_LAYER_PERMISSION,
  MD_CARD_LAYER_OTHER_PROGRAM,
  MD_CARD_LAYER_CONTACT, // between reader and chip
  MD_CARD_LAYER_APPLICATION,
  MD_CARD_LAYER_PIN,
  MD_CARD_LAYER_CERTIFICATE,
  MD_CARD_LAYER_EXPIRY,
} MdCardLayer;

// A stable word for --json: "usb", "driver", "pcscd", "permission", "other-program", "contact",
// "application", "pin", "certificate", "expiry".
const char *md_card_layer_nick (MdCardLayer layer);
// The same for a person, translated.
const char *md_card_layer_label (MdCardLayer layer);

typedef enum
{
  MD_CARD_HEALTH_GOOD,
  MD_CARD_HEALTH_WARNING, // works, and will not always
  MD_CARD_HEALTH_BAD,     // this is at fault
  MD_CARD_HEALTH_UNKNOWN, // could not be looked at (no card on the reader, something below is bad)
} MdCardHealth;

// One sentence each, translated, with nothing personal in them: no name, number, date, serial.
typedef struct
{
  MdCardLayer layer;
  MdCardHealth health;
  char *reader; // NULL: about none of the readers in particular
  char *what;
  char *remedy;  // what a clerk does; "" where there is nothing to do
  char *command; // what an administrator does instead; "" where that is the same
} MdCardFinding;

// Looks at everything from USB up, with a real SELECT and a real READ of each card that lies on a
// reader, and asks no PIN. PCSC is started; the cards are talked to as its jobs, so each answer has
// its patience, and a card or a service that never answers is a finding. USB_FOLDER as for
// md_pcsc_survey(). Errors: G_IO_ERROR_CANCELLED. Main thread. (transfer full; of MdCardFinding, in
// the order of the layers for each reader)
void md_card_doctor_examine_async (MdPcsc *pcsc, MdClock *clock, const char *usb_folder,
                                   GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data);
GPtrArray *md_card_doctor_examine_finish (GAsyncResult *result,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

// What to do, for whoever administers this terminal. (transfer none)
const char *md_card_finding_get_advice (const MdCardFinding *self);

// What was looked at, in lines, translated, for the help desk: commands and all. Layers that were
// not reached are passed over. (transfer full)
char *md_card_doctor_write_report (GPtrArray *findings) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
