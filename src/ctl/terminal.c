// SPDX-License-Identifier: Apache-2.0
/* What a verb asks for: at a terminal without echo, else a line of standard input. Byte by byte, so
 * that no buffer but the secret holds it. */
#include "terminal.h"

#include <errno.h>
#include <termios.h>
#include <unistd.h>

#define MAX_WORD 64

MdSecret *
terminal_read (int fd, gsize size)
{
  g_autoptr (MdSecret) line = md_secret_new (size);
  char c;

  for (;;)
    {
      ssize_t n = read (fd, &c, 1);

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

MdSecret *
terminal_ask (const char *question, gsize size)
{
  struct termios before, quiet;
  MdSecret *answer;

  if (tcgetattr (STDIN_FILENO, &before) != 0)
    return terminal_read (STDIN_FILENO, size);
  quiet = before;
  quiet.c_lflag &= ~(tcflag_t)ECHO;
  g_printerr ("%s", question);
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &quiet);
  answer = terminal_read (STDIN_FILENO, size);
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &before);
  g_printerr ("\n");
  return answer;
}

gboolean
terminal_confirm (const char *question, const char *word)
{
  g_autoptr (MdSecret) answer = NULL;

  g_printerr ("%s", question);
  answer = terminal_read (STDIN_FILENO, MAX_WORD);
  return answer != NULL && g_str_equal (md_secret_get_text (answer), word);
}
