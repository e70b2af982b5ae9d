// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-process-language.h"

#include <libintl.h>
#include <locale.h>

void
md_process_speak (const char *language)
{
  const char *dir = g_getenv ("MADOGUCHI_LOCALEDIR");

  if (language != NULL)
    g_setenv ("LANGUAGE", language, TRUE);
  /* gettext looks nothing up in the C locale; C.UTF-8 is on every machine. */
  if (setlocale (LC_ALL, "") == NULL || g_strcmp0 (setlocale (LC_MESSAGES, NULL), "C") == 0)
    setlocale (LC_ALL, "C.UTF-8");
  bindtextdomain (GETTEXT_PACKAGE, dir != NULL ? dir : MD_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}
