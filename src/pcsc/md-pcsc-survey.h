// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_PCSC_INSIDE) && !defined(MD_PCSC_COMPILATION)
#error "include <md-pcsc.h>, not this file"
#endif

#include <md-card.h>

G_BEGIN_DECLS

// What stands under the card service, as far as this user may see.
typedef struct
{
  guint usb_readers;          // devices on USB that call themselves a card reader (class CCID)
  guint usb_taken;            // of these, the ones that a driver has opened
  const char *usb_unfit;      // one that pcscd has no driver for, by its name, or NULL; static
  gboolean service_installed; // the program pcscd is on this machine
  gboolean socket_there;      // something listens, or systemd does in its place
  gboolean socket_allowed;    // and this user may talk to it
} MdPcscSurvey;

// Looks once. USB_FOLDER: NULL for the kernel's own (tests give another). Blocks for a moment.
void md_pcsc_survey (const char *usb_folder, MdPcscSurvey *out_survey);

G_END_DECLS
