// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-fetch.h"

#include <curl/curl.h>
#include "md-line-client.h"

#define CONNECT_TIMEOUT_MS 5000L
#define STALL_TIMEOUT_S 10L
#define STALL_BYTES_PER_S 1024L

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CURL, curl_easy_cleanup)

typedef struct
{
  GByteArray *body;
  gsize max;
  gboolean too_large;
  GCancellable *cancellable;
} Fetch;

static size_t
take_body (char *data, size_t size, size_t count, void *user_data)
{
  Fetch *fetch = user_data;

  if (count > fetch->max - fetch->body->len)
    {
      fetch->too_large = TRUE;
      return 0;
    }
  g_byte_array_append (fetch->body, (const guint8 *)data, (guint)count);
  return count;
}

static int
watch_progress (void *user_data, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
  Fetch *fetch = user_data;

  return g_cancellable_is_cancelled (fetch->cancellable) ? 1 : 0;
}

static void
set_manners (CURL *easy, const char *url, guint timeout_s, Fetch *fetch)
{
  curl_easy_setopt (easy, CURLOPT_URL, url);
  curl_easy_setopt (easy, CURLOPT_PROTOCOLS_STR, "http");
  curl_easy_setopt (easy, CURLOPT_HTTP09_ALLOWED, 0L);
  curl_easy_setopt (easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt (easy, CURLOPT_PROXY, "");
  curl_easy_setopt (easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
  curl_easy_setopt (easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (easy, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_TIMEOUT_MS);
  curl_easy_setopt (easy, CURLOPT_TIMEOUT, (long)timeout_s);
  curl_easy_setopt (easy, CURLOPT_LOW_SPEED_LIMIT, STALL_BYTES_PER_S);
  curl_easy_setopt (easy, CURLOPT_LOW_SPEED_TIME, STALL_TIMEOUT_S);
  curl_easy_setopt (easy, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt (easy, CURLOPT_WRITEDATA, fetch);
  curl_easy_setopt (easy, CURLOPT_XFERINFOFUNCTION, watch_progress);
  curl_easy_setopt (easy, CURLOPT_XFERINFODATA, fetch);
  curl_easy_setopt (easy, CURLOPT_NOPROGRESS, 0L);
}

/* What a transfer without a whole answer was. */
static void
explain (CURLcode code, const Fetch *fetch, GError **error)
{
  MdLineError what = MD_LINE_ERROR_OFFLINE;

  if (code == CURLE_ABORTED_BY_CALLBACK)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
      return;
    }
  if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL)
    what = MD_LINE_ERROR_CONFIG;
  else if (fetch->too_large || code == CURLE_UNSUPPORTED_PROTOCOL
           || code == CURLE_WEIRD_SERVER_REPLY)
    what = MD_LINE_ERROR_PROTOCOL;
  g_set_error_literal (error, MD_LINE_ERROR, (gint)what,
                       fetch->too_large ? "too large" : curl_easy_strerror (code));
}

GBytes *
md_fetch (const char *url, gsize max, guint timeout_s, GCancellable *cancellable, GError **error)
{
  g_autoptr (CURL) easy = curl_easy_init ();
  g_autoptr (GByteArray) body = g_byte_array_new ();
  Fetch fetch = { .body = body, .max = max, .cancellable = cancellable };
  long status = 0;
  CURLcode code;

  g_assert (easy != NULL);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  set_manners (easy, url, timeout_s, &fetch);
  code = curl_easy_perform (easy);
  if (code != CURLE_OK)
    {
      explain (code, &fetch, error);
      return NULL;
    }
  curl_easy_getinfo (easy, CURLINFO_RESPONSE_CODE, &status);
  if (status != 200)
    {
      g_set_error (error, MD_LINE_ERROR, MD_LINE_ERROR_PROTOCOL, "status %ld", status);
      return NULL;
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&body));
}
