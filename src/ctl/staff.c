// SPDX-License-Identifier: Apache-2.0
/* staff set-password: the password comes from the terminal without echo, or from standard input. */
#include <unistd.h>
#include <glib/gi18n.h>

#include "output.h"
#include "terminal.h"
#include "verb.h"

static MdSecret *
ask_twice (void)
{
  g_autoptr (MdSecret) first = terminal_ask (_ ("New password: "), MD_LIMIT_PASSWORD);
  g_autoptr (MdSecret) second = NULL;

  if (first == NULL || !isatty (STDIN_FILENO))
    return g_steal_pointer (&first);
  second = terminal_ask (_ ("Once more: "), MD_LIMIT_PASSWORD);
  if (second != NULL && md_secret_equal (first, second))
    return g_steal_pointer (&first);
  g_printerr (_ ("The two are not the same. Nothing was changed; try again.\n"));
  return NULL;
}

Status
verb_staff_set_password (Context *context, const char *operand)
{
  MdBusTerminal1 *proxy = context_proxy (context);
  g_autoptr (MdSecret) password = NULL;
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  GVariant *handle;
  GError *error = NULL;

  if (proxy == NULL)
    return STATUS_ABSENT;
  password = ask_twice ();
  if (password == NULL)
    return STATUS_USAGE;
  handle = md_bus_secret_append (fds, password, &error);
  if (handle == NULL
      || !md_bus_terminal1_call_set_password_sync (proxy, operand, handle, fds, NULL, NULL, &error))
    return context_fail (error);
  if (context->json)
    output_json (g_variant_new_parsed ("{'staff': <%s>, 'changed': <true>}", operand));
  else
    g_print (_ ("The password of %s is set.\n"), operand);
  return STATUS_OK;
}
