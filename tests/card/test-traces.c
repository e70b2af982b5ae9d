// SPDX-License-Identifier: Apache-2.0
// Our reader against cards that are not ours: every trace of tests/card/traces is replayed through
// the library. What goes otherwise than written down is told, and fails.
//
// With --mutants, each command and each expectation of every trace is changed, one at a time, and
// each change must be caught: one digit of a command is another, a command is not there with its
// answer, one more comes at the end of a step, what is expected is something else.
#include "trace-player.h"

#include <string.h>

typedef struct
{
  guint played;
  guint wrong;
  guint lived;
} Count;

// --- The mutants. ---

static gboolean
is_caught (const Trace *trace, const TraceTalk *talk)
{
  g_autofree char *complaint = trace_play (trace, talk, g_ptr_array_index (trace->atrs, 0));
  return complaint != NULL;
}

static void
judge (Count *count, const Trace *trace, const TraceTalk *talk, const TraceStep *step,
       const char *what)
{
  count->played++;
  if (is_caught (trace, talk))
    return;
  count->lived++;
  g_print ("%s:%u: %s: not caught: %s\n", trace->name, step->number, talk->title, what);
}

// Puts TEXT in the place of one of the lines, and gives back what stood there.
static char *
swap (GPtrArray *lines, guint at, char *text)
{
  char *before = g_ptr_array_index (lines, at);
  g_ptr_array_index (lines, at) = text;
  return before;
}

// One hex digit of a command is another.
static void
change_command (Count *count, const Trace *trace, const TraceTalk *talk, const TraceStep *step,
                guint at)
{
  char *other = g_strdup (g_ptr_array_index (step->lines, at));
  const gsize length = strlen (other);
  gsize digit = 1 + (at * 5 + length) % (length - 1);
  while (other[digit] == '.')
    digit--;
  other[digit] = other[digit] == '0' ? '1' : '0';
  char *before = swap (step->lines, at, other);
  judge (count, trace, talk, step, before);
  g_free (swap (step->lines, at, before));
}

// Of two commands that are the same, the first may be missing: that is another card, and as good.
static gboolean
comes_again (const TraceStep *step, guint at)
{
  return at + 2 < step->lines->len
         && g_str_equal (g_ptr_array_index (step->lines, at),
                         g_ptr_array_index (step->lines, at + 2));
}

static void
leave_out (Count *count, const Trace *trace, const TraceTalk *talk, const TraceStep *step, guint at)
{
  char *command = swap (step->lines, at, g_strdup (""));
  char *answer = swap (step->lines, at + 1, g_strdup (""));
  judge (count, trace, talk, step, "a command is missing");
  g_free (swap (step->lines, at, command));
  g_free (swap (step->lines, at + 1, answer));
}

static void
change_step (Count *count, const Trace *trace, const TraceTalk *talk, const TraceStep *step)
{
  for (guint i = 0; i < step->lines->len; i++)
    if (strchr (">=", *(const char *)g_ptr_array_index (step->lines, i)) != NULL)
      {
        change_command (count, trace, talk, step, i);
        if (!comes_again (step, i))
          leave_out (count, trace, talk, step, i);
      }
  for (guint i = 0; i < step->expected->len; i++)
    {
      char *before = swap (step->expected, i, g_strdup ("something else"));
      judge (count, trace, talk, step, "another outcome");
      g_free (swap (step->expected, i, before));
    }
  g_ptr_array_add (step->lines, g_strdup (">00B0000000"));
  judge (count, trace, talk, step, "one command more");
  g_ptr_array_set_size (step->lines, (int)step->lines->len - 1);
}

static void
change_talk (Count *count, const Trace *trace, const TraceTalk *talk)
{
  for (guint i = 0; i < talk->steps->len; i++)
    change_step (count, trace, talk, g_ptr_array_index (talk->steps, i));
}

// --- The traces. ---

static void
play_talk (Count *count, const Trace *trace, const TraceTalk *talk)
{
  for (guint i = 0; i < trace->atrs->len; i++)
    {
      const char *atr = g_ptr_array_index (trace->atrs, i);
      g_autofree char *complaint = trace_play (trace, talk, atr);
      count->played++;
      if (complaint == NULL)
        continue;
      count->wrong++;
      g_print ("%s (%s)\n", complaint, atr);
    }
}

static GPtrArray *
list_traces (const char *folder)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &error);
  g_assert_no_error (error);
  const char *name;
  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".trace"))
      g_ptr_array_add (paths, g_build_filename (folder, name, NULL));
  return paths;
}

int
main (int argc, char **argv)
{
  const gboolean mutants = argc == 3 && g_str_equal (argv[2], "--mutants");
  if (argc < 2 || (argc > 2 && !mutants))
    g_error ("usage: test-card-traces FOLDER [--mutants]");
  Count count = { 0 };
  g_autofree char *place = g_build_filename (argv[1], "parts.txt", NULL);
  g_autoptr (GHashTable) parts = trace_read_parts (place);
  g_autoptr (GPtrArray) paths = list_traces (argv[1]);
  for (guint i = 0; i < paths->len; i++)
    {
      g_autoptr (Trace) trace = trace_read (g_ptr_array_index (paths, i), parts);
      for (guint j = 0; j < trace->talks->len; j++)
        (mutants ? change_talk : play_talk) (&count, trace, g_ptr_array_index (trace->talks, j));
    }
  if (mutants)
    g_print ("card-traces: %u changes in %u traces, %u not caught\n", count.played, paths->len,
             count.lived);
  else
    g_print ("card-traces: %u conversations of %u traces, %u wrong\n", count.played, paths->len,
             count.wrong);
  return count.played == 0 || count.wrong > 0 || count.lived > 0;
}
