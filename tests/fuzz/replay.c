// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

/* Stands in for libFuzzer where the compiler has none: gives a target every file of its corpus,
 * then changed copies of each, always the same ones, so that a failure can be repeated. Usage:
 * replay-TARGET CORPUS-DIR [COPIES]. */

#define COPIES 300
#define LARGEST_INPUT (1u << 20)

static char current[512];

static void
note_crash (int number)
{
  const gsize length = strlen (current);

  if (write (STDERR_FILENO, current, length) == (gssize)length)
    (void)signal (number, SIG_DFL);
  (void)signal (number, SIG_DFL);
  (void)raise (number);
}

/* xorshift32: the same numbers everywhere, unlike the C library's. */
static guint32
next_number (guint32 *state, guint32 below)
{
  *state ^= *state << 13;
  *state ^= *state >> 17;
  *state ^= *state << 5;
  return below == 0 ? 0 : *state % below;
}

/* Bytes that formats treat in a special way: ends, signs, TLV lengths, JSON marks, digits. */
static guint8
special_byte (guint32 *state)
{
  static const guint8 bytes[]
      = { 0x00, 0x01, 0x7f, 0x80, 0x81, 0x82, 0x83, 0x84, 0xff, '"', '{', '}', '[', ']', ',', '9' };

  return bytes[next_number (state, sizeof bytes)];
}

static void
change_once (GByteArray *input, guint32 *state)
{
  const guint32 at = next_number (state, input->len);
  const guint32 wanted = 1 + next_number (state, 16);
  const guint32 length = MIN (wanted, input->len - at);

  switch (input->len == 0 ? 3 : next_number (state, 6))
    {
    case 0:
      input->data[at] = (guint8)(input->data[at] ^ (1u << next_number (state, 8)));
      break;
    case 1:
      input->data[at] = special_byte (state);
      break;
    case 2:
      g_byte_array_remove_range (input, at, length);
      break;
    case 3:
      {
        const guint8 byte = special_byte (state);

        g_byte_array_append (input, &byte, 1);
        break;
      }
    case 4:
      g_byte_array_set_size (input, at);
      break;
    default:
      {
        g_autofree guint8 *piece = g_memdup2 (input->data + at, length);

        if (input->len + length <= LARGEST_INPUT)
          g_byte_array_append (input, piece, length);
        break;
      }
    }
}

/* In a block of exactly its size, so that AddressSanitizer sees a read past the end. */
static void
give (const guint8 *data, gsize size)
{
  g_autofree guint8 *block = g_malloc (size > 0 ? size : 1);

  if (size > 0)
    memcpy (block, data, size);
  (void)LLVMFuzzerTestOneInput (block, size);
}

static void
replay_file (const char *name, const guint8 *data, gsize size, guint copies)
{
  guint32 state = g_str_hash (name) | 1;

  g_snprintf (current, sizeof current, "\nreplay: crashed on %s as it is\n", name);
  give (data, size);
  for (guint copy = 0; copy < copies; copy++)
    {
      g_autoptr (GByteArray) input = g_byte_array_new ();
      const guint32 changes = 1 + next_number (&state, 4);

      g_byte_array_append (input, data, (guint)size);
      for (guint32 i = 0; i < changes; i++)
        change_once (input, &state);
      g_snprintf (current, sizeof current, "\nreplay: crashed on %s, copy %u\n", name, copy);
      give (input->data, input->len);
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (GDir) folder = argc > 1 ? g_dir_open (argv[1], 0, NULL) : NULL;
  const guint copies = argc > 2 ? (guint)g_ascii_strtoull (argv[2], NULL, 10) : COPIES;
  const char *name;
  guint files = 0;

  if (folder == NULL)
    {
      g_printerr ("usage: %s CORPUS-DIR [COPIES]\n", argv[0]);
      return 2;
    }
  (void)signal (SIGABRT, note_crash);
  (void)signal (SIGSEGV, note_crash);
  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (argv[1], name, NULL);
      g_autofree char *contents = NULL;
      gsize size = 0;

      if (!g_file_get_contents (path, &contents, &size, NULL) || size > LARGEST_INPUT)
        {
          g_printerr ("cannot read %s\n", path);
          return 1;
        }
      replay_file (name, (const guint8 *)contents, size, copies);
      files++;
    }
  g_print ("%u files, %u inputs\n", files, files * (copies + 1));
  return files > 0 ? 0 : 1;
}
