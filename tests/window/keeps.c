// SPDX-License-Identifier: Apache-2.0
/* Preloaded into the window: while the file that KEEPS_WHILE names is there, no line is emptied, as
 * if that had been forgotten. The window itself has to notice. */
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

void gtk_editable_set_text (void *editable, const char *text);

__attribute__ ((visibility ("default"))) void
gtk_editable_set_text (void *editable, const char *text)
{
  static void (*set_text) (void *, const char *);
  const char *file = getenv ("KEEPS_WHILE");

  if (set_text == NULL)
    *(void **)&set_text = dlsym (RTLD_NEXT, "gtk_editable_set_text");
  if (*text != '\0' || file == NULL || access (file, F_OK) != 0)
    set_text (editable, text);
}
