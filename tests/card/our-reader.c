// SPDX-License-Identifier: Apache-2.0
// What our reader makes of a card, for the witnesses: presents a PIN with src/card alone and signs
// a digest. Usage: our-reader READER auth|sign|staff SHA256-HEX [confirmed], the PIN on standard
// input. Prints "ok CERTIFICATE SIGNATURE" in Base64, or the word of the error and the tries left:
// "pin-wrong 2". "confirmed": the last try was meant.
#include <md-card.h>
#include <md-pcsc.h>

#include <stdio.h>
#include <string.h>

#define DIGEST_SIZE 32

typedef struct
{
  MdCardBackend *backend;
  const char *reader;
  const MdSecret *pin;
  gboolean confirmed;
  guint8 digest[DIGEST_SIZE];
  GBytes *certificate;
  GBytes *signature;
} Order;

static gboolean
use_resident (Order *order, gboolean auth, GError **error)
{
  const MdCardFlowRequest request = {
    .pin = auth ? MD_CARD_PIN_AUTH : MD_CARD_PIN_SIGN,
    .secret = order->pin,
    .flags = order->confirmed ? MD_CARD_VERIFY_LAST_TRY : MD_CARD_VERIFY_DEFAULT,
    .profile = md_card_profile_find ("rsa-2048"),
    .digest = order->digest,
  };
  g_autoptr (MdCardFlowResult) result
      = md_card_flow_run_on (auth ? MD_CARD_FLOW_AUTHENTICATE : MD_CARD_FLOW_SIGN, order->backend,
                             order->reader, &request, NULL, error);
  if (result == NULL)
    return FALSE;
  order->certificate = g_bytes_ref (result->certificate);
  order->signature = g_bytes_ref (result->signature);
  return TRUE;
}

static gboolean
use_staff (Order *order, GError **error)
{
  g_autoptr (MdCardConnection) connection
      = md_card_connection_open (order->backend, order->reader, NULL, error);
  g_autoptr (MdStaffCard) card
      = connection != NULL ? md_staff_card_new (connection, NULL, error) : NULL;
  if (card == NULL)
    return FALSE;
  order->certificate = md_staff_card_read_certificate (card, MD_STAFF_SLOT_SIGN, NULL, error);
  if (order->certificate == NULL
      || !md_staff_card_verify (card, order->pin, order->confirmed, NULL, error))
    return FALSE;
  order->signature = md_staff_card_sign (card, MD_STAFF_SLOT_SIGN, order->digest,
                                         sizeof order->digest, NULL, error);
  return order->signature != NULL;
}

static gboolean
read_digest (const char *hex, guint8 *out_digest)
{
  if (strlen (hex) != 2 * DIGEST_SIZE)
    return FALSE;
  for (gsize i = 0; i < DIGEST_SIZE; i++)
    {
      if (!g_ascii_isxdigit (hex[2 * i]) || !g_ascii_isxdigit (hex[2 * i + 1]))
        return FALSE;
      out_digest[i] = (guint8)(g_ascii_xdigit_value (hex[2 * i]) << 4
                               | g_ascii_xdigit_value (hex[2 * i + 1]));
    }
  return TRUE;
}

static void
print_base64 (GBytes *bytes)
{
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  g_autofree char *text = g_base64_encode (data, size);
  printf (" %s", text);
}

int
main (int argc, char **argv)
{
  g_autoptr (MdPcscBackend) backend = md_pcsc_backend_new ();
  g_autoptr (GError) error = NULL;
  char line[64] = "";
  Order order = { .backend = MD_CARD_BACKEND (backend), .confirmed = argc == 5 };

  if (argc < 4 || !read_digest (argv[3], order.digest) || fgets (line, sizeof line, stdin) == NULL)
    return 2;
  g_autoptr (MdSecret) pin = md_secret_new_from_text (g_strchomp (line));
  md_wipe (line, sizeof line);
  order.reader = argv[1];
  order.pin = pin;
  gboolean good = strcmp (argv[2], "staff") == 0
                      ? use_staff (&order, &error)
                      : use_resident (&order, strcmp (argv[2], "auth") == 0, &error);
  if (good)
    {
      printf ("ok");
      print_base64 (order.certificate);
      print_base64 (order.signature);
      printf ("\n");
    }
  else
    printf ("%s %d\n", md_card_error_nick (error->code), md_card_error_get_tries (error));
  g_clear_pointer (&order.certificate, g_bytes_unref);
  g_clear_pointer (&order.signature, g_bytes_unref);
  return 0;
}
