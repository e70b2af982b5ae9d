// SPDX-License-Identifier: Apache-2.0
#include "vc-mynumber-files.h"

#include <string.h>

/* The shortest AID that still selects. */
#define MIN_AID 5

static const VcEf jpki_files[] = {
  { 0x0001, VC_EF_DATA, .openers = { 0x001B } },
  { 0x0002, VC_EF_DATA },
  { 0x0005, VC_EF_DATA },
  { 0x0006, VC_EF_DATA },
  { 0x0008, VC_EF_DATA },
  { 0x0009, VC_EF_INTERNAL },
  { 0x000A, VC_EF_DATA },
  { 0x000B, VC_EF_DATA },
  { 0x0010, VC_EF_INTERNAL },
  { 0x0016, VC_EF_INTERNAL },
  { 0x0017, VC_EF_KEY, .openers = { 0x0018 } },
  { 0x0018, VC_EF_PIN, .tries = 3, .change = VC_CHANGE_REFERENCE, .min = 4, .max = 4 },
  { 0x0019, VC_EF_INTERNAL },
  { 0x001A, VC_EF_KEY, .openers = { 0x001B } },
  { 0x001B, VC_EF_PIN, .tries = 5, .change = VC_CHANGE_REFERENCE, .min = 6, .max = 16 },
  { 0x001C, VC_EF_INTERNAL },
  { 0x001E, VC_EF_INTERNAL },
};

static const VcEf text_files[] = {
  { 0x0001, VC_EF_DATA, .openers = { 0x0011, 0x0014 } },
  { 0x0002, VC_EF_DATA, .openers = { 0x0011, 0x0015 } },
  { 0x0003, VC_EF_DATA, .openers = { 0x0011, 0x0014, 0x0015 } },
  { 0x0004, VC_EF_DATA },
  { 0x0005, VC_EF_DATA },
  { 0x0006, VC_EF_DATA, .openers = { 0x0011, 0x0014, 0x0015 } },
  { 0x0007, VC_EF_DATA, .openers = { 0x0011, 0x0014, 0x0015 } },
  { 0x0008, VC_EF_DATA },
  { 0x0010, VC_EF_INTERNAL },
  { 0x0011, VC_EF_PIN, .tries = 3, .change = VC_CHANGE_REFERENCE, .min = 4, .max = 4 },
  { 0x0012, VC_EF_PIN, .tries = 0 }, /* blocked on every card examined */
  { 0x0013, VC_EF_KEY },
  { 0x0014, VC_EF_PIN, .tries = 10 },
  { 0x0015, VC_EF_PIN, .tries = 10 },
  { 0x001C, VC_EF_INTERNAL },
  { 0x001E, VC_EF_INTERNAL },
};

static const VcEf visual_files[] = {
  { 0x0001, VC_EF_DATA, .openers = { 0x0011 } },
  { 0x0002, VC_EF_DATA, .openers = { 0x0012, 0x0013 } },
  { 0x0003, VC_EF_DATA },
  { 0x0004, VC_EF_DATA },
  { 0x0005, VC_EF_DATA, .openers = { 0x0013 } },
  { 0x0006, VC_EF_DATA },
  { 0x0011, VC_EF_PIN, .tries = 10 },
  { 0x0012, VC_EF_PIN, .tries = 10 },
  { 0x0013, VC_EF_PIN, .tries = 10 },
  { 0x0014, VC_EF_INTERNAL },
  { 0x0015, VC_EF_INTERNAL },
  { 0x001A, VC_EF_KEY },
  { 0x001C, VC_EF_INTERNAL },
  { 0x001E, VC_EF_INTERNAL },
};

static const VcEf juki_files[] = {
  { 0x0002, VC_EF_RECORD },
  { 0x001C, VC_EF_PIN, .tries = 3, .change = VC_CHANGE_KEY, .min = 4, .max = 4 },
};

static const VcEf common_files[] = {
  { 0x0001, VC_EF_RECORD },
  { 0x0002, VC_EF_RECORD },
  { 0x0019, VC_EF_KEY },
  { 0x001C, VC_EF_PIN, .tries = 3, .change = VC_CHANGE_KEY, .min = 4, .max = 4 },
  { 0x001E, VC_EF_INTERNAL },
};

#define FILES(table) .files = (table), .n_files = G_N_ELEMENTS (table)

const VcApplication vc_isd = {
  .name = "isd",
  .aid = { 0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00 },
  .aid_size = 7,
};

static const VcApplication applications[] = {
  { .name = "jpki",
    .aid = { 0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01 },
    .aid_size = 10,
    FILES (jpki_files) },
  { .name = "text",
    .aid = { 0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x08 },
    .aid_size = 10,
    FILES (text_files),
    .default_key = 0x0013 },
  { .name = "visual",
    .aid = { 0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x02 },
    .aid_size = 10,
    FILES (visual_files),
    .default_key = 0x001A,
    .session_key = 0x66F1 },
  { .name = "juki",
    .aid = { 0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x01 },
    .aid_size = 10,
    FILES (juki_files) },
  { .name = "common",
    .aid = { 0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x01, 0x00 },
    .aid_size = 10,
    FILES (common_files),
    .session_key = 0x66F1 },
};

static gboolean
answers_to (const VcApplication *application, const guint8 *aid, gsize size)
{
  return size <= application->aid_size && memcmp (application->aid, aid, size) == 0;
}

const VcApplication *
vc_application_find (const guint8 *aid, gsize size)
{
  if (size < MIN_AID)
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (applications); i++)
    if (answers_to (&applications[i], aid, size))
      return &applications[i];
  return answers_to (&vc_isd, aid, size) ? &vc_isd : NULL;
}

const VcEf *
vc_application_get_file (const VcApplication *application, guint16 id)
{
  for (gsize i = 0; i < application->n_files; i++)
    if (application->files[i].id == id)
      return &application->files[i];
  return NULL;
}
