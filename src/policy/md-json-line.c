// SPDX-License-Identifier: Apache-2.0
// Where in a text the place stands that a failure is about: a walk over text that parsed as JSON.
#include "config.h"

#include <string.h>

#include "md-json-private.h"

typedef struct
{
  const char *at, *end;
  guint line;
} Walk;

static void
step (Walk *walk)
{
  if (*walk->at == '\n')
    walk->line++;
  walk->at++;
}

/* Over blanks, commas and colons: what stands between tokens. */
static char
skip_between (Walk *walk)
{
  while (walk->at < walk->end && strchr (" \t\r\n,:", *walk->at))
    step (walk);
  return walk->at < walk->end ? *walk->at : '\0';
}

static void
skip_string (Walk *walk)
{
  step (walk);
  while (walk->at < walk->end && *walk->at != '"')
    {
      if (*walk->at == '\\' && walk->at + 1 < walk->end)
        step (walk);
      step (walk);
    }
  if (walk->at < walk->end)
    step (walk);
}

/* Over one value, whatever is in it. */
static void
skip_value (Walk *walk)
{
  guint depth = 0;

  do
    {
      const char c = skip_between (walk);

      if (c == '\0')
        return;
      if (c == '"')
        skip_string (walk);
      else
        {
          depth += c == '{' || c == '[' ? 1 : 0;
          depth -= (c == '}' || c == ']') && depth > 0 ? 1 : 0;
          step (walk);
          while (!strchr ("{}[]\"", c) && walk->at < walk->end
                 && !strchr (" \t\r\n,:{}[]\"", *walk->at))
            step (walk);
        }
    }
  while (depth > 0);
}

/* How much of PATH the member's name takes; 0: it is another member. Names hold dots, too. */
static gsize
matches (const char *path, const char *name, gsize length)
{
  if (strncmp (path, name, length) != 0)
    return 0;
  return path[length] == '\0' || path[length] == '.' || path[length] == '[' ? length : 0;
}

/* Stands on the value of the member that PATH begins with, and at_line on the member's name. */
static gboolean
find_member (Walk *walk, const char **path, guint *at_line)
{
  step (walk);
  while (skip_between (walk) == '"')
    {
      const char *name = walk->at + 1;
      const guint line = walk->line;
      gsize taken;

      skip_string (walk);
      taken = matches (*path, name, (gsize)(walk->at - 1 - name));
      (void)skip_between (walk);
      if (taken > 0)
        {
          *path += taken;
          *at_line = line;
          return TRUE;
        }
      skip_value (walk);
    }
  return FALSE;
}

/* Stands on the element that PATH ("[3]...") begins with. */
static gboolean
find_element (Walk *walk, const char **path, guint *at_line)
{
  char *rest;
  guint64 wanted = g_ascii_strtoull (*path + 1, &rest, 10);

  step (walk);
  for (guint64 i = 0; skip_between (walk) != ']' && walk->at < walk->end; i++)
    {
      if (i == wanted && *rest == ']')
        {
          *path = rest + 1;
          *at_line = walk->line;
          return TRUE;
        }
      skip_value (walk);
    }
  return FALSE;
}

guint
_md_json_find_line (const char *text, gsize size, const char *path)
{
  Walk walk = { .at = text, .end = text + size, .line = 1 };
  guint line;

  (void)skip_between (&walk);
  line = walk.line;
  while (*path && walk.at < walk.end)
    {
      if (*path == '.')
        path++;
      if (*walk.at == '{' ? !find_member (&walk, &path, &line)
                          : *walk.at != '[' || *path != '[' || !find_element (&walk, &path, &line))
        break;
    }
  return line;
}
