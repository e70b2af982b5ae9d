// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-nonce.h"
#include "md-wire.h"

#include <md-base.h>
#include <string.h>

G_STATIC_ASSERT (MD_WIRE_NONCE_SIZE == MD_NONCE_BODY_SIZE + MD_NONCE_MAC_SIZE);

static const char *const verdicts[] = {
  [MD_NONCE_VERDICT_FRESH] = "fresh",
  [MD_NONCE_VERDICT_STALE] = "stale",
  [MD_NONCE_VERDICT_UNPROVEN] = "unproven",
  [MD_NONCE_VERDICT_ABSENT] = "absent",
};

gboolean
md_nonce_get_time (GBytes *nonce, gint64 *out_time)
{
  MdReader reader;
  guint8 version = 0;
  guint64 milliseconds = 0;

  if (g_bytes_get_size (nonce) != MD_WIRE_NONCE_SIZE)
    return FALSE;
  md_reader_init_bytes (&reader, nonce);
  version = md_reader_u8 (&reader);
  (void)md_reader_u32be (&reader);
  milliseconds = md_reader_u64be (&reader);
  if (md_reader_failed (&reader) || version != MD_NONCE_VERSION
      || milliseconds > (guint64)G_MAXINT64 / 1000)
    return FALSE;
  *out_time = (gint64)milliseconds * 1000;
  return TRUE;
}

gboolean
md_nonce_may_be_fresh (gint64 made, gint64 begun, guint clock_s)
{
  const gint64 clock = (gint64)clock_s * G_TIME_SPAN_SECOND;
  const gint64 lifetime = MD_NONCE_LIFETIME_S * G_TIME_SPAN_SECOND;
  gint64 age = 0;

  return !__builtin_sub_overflow (begun, made, &age) && age >= -clock && age <= lifetime + clock;
}

const char *
md_nonce_verdict_name (MdNonceVerdict verdict)
{
  g_return_val_if_fail ((gsize)verdict < G_N_ELEMENTS (verdicts), NULL);

  return verdicts[verdict];
}

gboolean
md_nonce_verdict_parse (const char *name, MdNonceVerdict *out_verdict)
{
  for (guint i = 0; i < G_N_ELEMENTS (verdicts); i++)
    if (g_strcmp0 (name, verdicts[i]) == 0)
      {
        *out_verdict = (MdNonceVerdict)i;
        return TRUE;
      }
  return FALSE;
}
