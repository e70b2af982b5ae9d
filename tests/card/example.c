// SPDX-License-Identifier: Apache-2.0
// Reads the four attributes (氏名, 住所, 生年月日, 性別) from a My Number card with src/card alone:
// no window, no daemon, no main loop. Usage: example READER, the four-digit PIN of 券面事項入力補助
// on standard input.
#include <md-card.h>
#include <md-pcsc.h>

#include <stdio.h>

int
main (int argc, char **argv)
{
  g_autoptr (MdPcscBackend) backend = md_pcsc_backend_new ();
  g_autoptr (GError) error = NULL;
  char line[64] = "";

  if (argc != 2 || fgets (line, sizeof line, stdin) == NULL)
    return 2;
  g_autoptr (MdSecret) typed = md_secret_new_from_text (g_strchomp (line));
  md_wipe (line, sizeof line);
  g_autoptr (MdSecret) pin = md_card_pin_prepare (MD_CARD_PIN_TEXT, typed, NULL, &error);
  g_autoptr (MdCardFlowResult) result = NULL;
  if (pin != NULL)
    {
      const MdCardFlowRequest request = { .pin = MD_CARD_PIN_TEXT, .secret = pin };
      result = md_card_flow_run_on (MD_CARD_FLOW_ATTRIBUTES, MD_CARD_BACKEND (backend), argv[1],
                                    &request, NULL, &error);
    }
  if (result == NULL)
    {
      g_autoptr (MdCardText) text = md_card_text_for_error (error);
      fprintf (stderr, "%s\n%s\n%s\n", text->title, text->meaning, text->action);
      return 1;
    }
  printf ("%s\n%s\n%s\n%s\n", md_card_attributes_get_name (result->attributes),
          md_card_attributes_get_address (result->attributes),
          md_card_attributes_get_birth (result->attributes),
          md_card_attributes_get_sex_code (result->attributes));
  return result->integrity_check == MD_CARD_INTEGRITY_FITS ? 0 : 3;
}
