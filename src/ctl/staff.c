// SPDX-License-Identifier: Apache-2.0
/* staff set-password: the password comes from the terminal without echo, or from standard input. */
#include <errno.h>
#include <termios.h>
#include <unistd.h>
#include <glib/gi18n.h>

#include "output.h"
#include "verb.h"

/* One line from standard input, without its end; NULL when it is too long or cannot be read. */
static MdSecret *
read_line (void)
{
  g_autoptr (MdSecret) line = md_secret_new (MD_LIMIT_PASSWORD);
  char c;

  for (;;)
    {
      ssize_t n = read (STDIN_FILENO, &c, 1);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return NULL;
      if (n == 0 || c == '\n')
        return g_steal_pointer (&line);
      if (!md_secret_append (line, &c, 1))
        return NULL;
    }
}

static MdSecret *
ask (const char *question)
{
  struct termios before, quiet;
  MdSecret *answer;

  if (tcgetattr (STDIN_FILENO, &before) != 0)
    return read_line ();
  quiet = before;
  quiet.c_lflag &= ~(tcflag_t)ECHO;
  g_printerr ("%s", question);
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &quiet);
  answer = read_line ();
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &before);
  g_printerr ("\n");
  return answer;
}

static MdSecret *
ask_twice (void)
{
  g_autoptr (MdSecret) first = ask (_ ("New password: "));
  g_autoptr (MdSecret) second = NULL;

  if (first == NULL || !isatty (STDIN_FILENO))
    return g_steal_pointer (&first);
  second = ask (_ ("Once more: "));
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
