// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "peer.h"

#include <string.h>

#define URN_OFFICE "urn:madoguchi:office:"
#define URN_TERMINAL ":terminal:"

/* Names as settings and policies have them; nothing else goes into logs or the audit chain. */
static gboolean
is_name (const char *text)
{
  if (*text == '\0')
    return FALSE;
  for (; *text != '\0'; text++)
    if (!g_ascii_isalnum (*text) && *text != '-' && *text != '_')
      return FALSE;
  return TRUE;
}

gboolean
peer_from_certificate (const MdCertificate *certificate, Peer *out_peer)
{
  const char *const *uris = md_certificate_get_san_uris (certificate);
  Peer peer = { .until = md_certificate_get_not_after (certificate) };
  g_autofree char *key = NULL;
  const char *office = NULL;
  const char *split = NULL;

  *out_peer = (Peer){ .until = 0 };
  if (uris[0] == NULL || uris[1] != NULL || !g_str_has_prefix (uris[0], URN_OFFICE))
    return FALSE;
  office = uris[0] + strlen (URN_OFFICE);
  split = strstr (office, URN_TERMINAL);
  if (split == NULL || (gsize)(split - office) >= sizeof peer.office)
    return FALSE;
  memcpy (peer.office, office, (gsize)(split - office));
  if (g_strlcpy (peer.terminal, split + strlen (URN_TERMINAL), sizeof peer.terminal)
          >= sizeof peer.terminal
      || !is_name (peer.office) || !is_name (peer.terminal))
    return FALSE;
  key = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, md_certificate_get_spki (certificate));
  (void)g_strlcpy (peer.key, key, sizeof peer.key);
  *out_peer = peer;
  return TRUE;
}

char *
peer_dup_uri (const Peer *peer)
{
  return g_strconcat (URN_OFFICE, peer->office, URN_TERMINAL, peer->terminal, NULL);
}
