// SPDX-License-Identifier: Apache-2.0
#include "md-pcsc-survey.h"

#include "md-pcsc-private.h"

#define USB_FOLDER "/sys/bus/usb/devices"
#define CLASS_SMART_CARD "0b"

// Readers that speak a language of their own, for which Debian has no driver.
static const struct
{
  const char *vendor;
  const char *product;
  const char *name;
} unfit[] = {
  { "054c", "06c1", "Sony RC-S380" },
  { "054c", "06c3", "Sony RC-S380" },
  { "054c", "0dc8", "Sony RC-S300" },
};

// One short file of a device; "" where it has none. (transfer full)
static char *
read_word (const char *folder, const char *device, const char *name)
{
  g_autofree char *path = g_build_filename (folder, device, name, NULL);
  char *text = NULL;
  if (!g_file_get_contents (path, &text, NULL, NULL))
    return g_strdup ("");
  return g_strstrip (text);
}

// Whether a program has opened the device for itself, as the drivers of the card service do.
static gboolean
is_taken (const char *folder, const char *device)
{
  g_autofree char *path = g_build_filename (folder, device, "driver", NULL);
  g_autofree char *target = g_file_read_link (path, NULL);
  g_autofree char *driver = target != NULL ? g_path_get_basename (target) : NULL;
  return g_strcmp0 (driver, "usbfs") == 0;
}

static void
look_at_device (const char *folder, const char *device, MdPcscSurvey *survey)
{
  g_autofree char *interface_class = read_word (folder, device, "bInterfaceClass");
  g_autofree char *vendor = read_word (folder, device, "idVendor");
  g_autofree char *product = read_word (folder, device, "idProduct");
  if (g_str_equal (interface_class, CLASS_SMART_CARD))
    {
      survey->usb_readers++;
      survey->usb_taken += is_taken (folder, device) ? 1 : 0;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (unfit); i++)
    if (g_str_equal (unfit[i].vendor, vendor) && g_str_equal (unfit[i].product, product))
      survey->usb_unfit = unfit[i].name;
}

void
md_pcsc_survey (const char *usb_folder, MdPcscSurvey *out_survey)
{
  const char *folder = usb_folder != NULL ? usb_folder : USB_FOLDER;
  g_autoptr (GDir) devices = g_dir_open (folder, 0, NULL);
  *out_survey = (MdPcscSurvey){ 0 };
  for (const char *name = devices != NULL ? g_dir_read_name (devices) : NULL; name != NULL;
       name = g_dir_read_name (devices))
    look_at_device (folder, name, out_survey);
  out_survey->service_installed = md_pcsc_is_installed ();
  out_survey->socket_there = g_file_test (md_pcsc_get_socket (), G_FILE_TEST_EXISTS);
  out_survey->socket_allowed = out_survey->socket_there && !md_pcsc_socket_is_forbidden ();
}
