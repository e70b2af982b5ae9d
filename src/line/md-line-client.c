// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-line-client.h"

#include "md-line-explain.h"

#include <glib/gi18n.h>
#include <md-base.h>
#include <md-pki.h>
#include <md-protocol.h>
#include <string.h>

G_DEFINE_QUARK (md_line_error_quark, md_line_error)

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CURL, curl_easy_cleanup)
typedef struct curl_slist MdCurlList;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdCurlList, curl_slist_free_all)

#define CONNECT_TIMEOUT_MS 5000u
#define STALL_TIMEOUT_S 20u
#define STALL_BYTES_PER_S 1024L
#define MAX_PEM_FILE (64u * 1024)
#define MAX_HEADER_VALUE 256u
#define MAX_RETRY_AFTER_S 3600u
#define HTTPS "https://"
#define HTTP "http://"

struct _MdLineClient
{
  CURL *easy;
  char *url;
  char *proxy; /* nullable */
  GBytes *ca;
  guint connections;
  gint64 peer_until;
};

/* What the callbacks of one transfer share. */
typedef struct
{
  MdLineAnswer *answer;
  GByteArray *body;
  gsize max_body;
  gsize header_bytes;
  gboolean too_large;
  GCancellable *cancellable;
  char reason[CURL_ERROR_SIZE];
} Transfer;

MdLineConfig *
md_line_config_new (void)
{
  return g_new0 (MdLineConfig, 1);
}

MdLineConfig *
md_line_config_copy (const MdLineConfig *config)
{
  MdLineConfig *copy = g_new0 (MdLineConfig, 1);

  copy->url = g_strdup (config->url);
  copy->proxy = g_strdup (config->proxy);
  copy->ca = g_strdup (config->ca);
  copy->certificate = g_strdup (config->certificate);
  copy->key = g_strdup (config->key);
  copy->pairs = g_strdup (config->pairs);
  copy->connect_timeout_ms = config->connect_timeout_ms;
  copy->stall_timeout_s = config->stall_timeout_s;
  return copy;
}

void
md_line_config_free (MdLineConfig *config)
{
  if (config == NULL)
    return;
  g_free (config->url);
  g_free (config->proxy);
  g_free (config->ca);
  g_free (config->certificate);
  g_free (config->key);
  g_free (config->pairs);
  g_free (config);
}

void
md_line_answer_free (MdLineAnswer *answer)
{
  if (answer == NULL)
    return;
  g_free (answer->content_type);
  g_free (answer->etag);
  g_clear_pointer (&answer->nonce, g_bytes_unref);
  g_clear_pointer (&answer->body, g_bytes_unref);
  g_free (answer);
}

/* --- Setting up --- */

static gboolean
check_own_files (const MdLineConfig *config, GError **error)
{
  g_autoptr (GPtrArray) anchors = NULL;
  g_autoptr (MdCertificate) certificate = NULL;
  g_autoptr (MdKey) key = NULL;
  g_autoptr (GError) local = NULL;

  if ((anchors = md_certificate_list_from_file (config->ca, &local)) != NULL
      && (certificate = md_certificate_new_from_file (config->certificate, &local)) != NULL
      && (key = md_key_new_from_file (config->key, NULL, &local)) != NULL)
    {
      if (md_key_matches (key, certificate))
        return TRUE;
      g_set_error (error, MD_LINE_ERROR, MD_LINE_ERROR_CONFIG,
                   _ ("The terminal's certificate %s and its key %s do not belong together. "
                      "Ask the administrator to install the pair that was issued together."),
                   config->certificate, config->key);
      return FALSE;
    }
  g_set_error (error, MD_LINE_ERROR, MD_LINE_ERROR_CONFIG,
               _ ("The line cannot be used, because one of its files cannot be read: %s. "
                  "Ask the administrator to check the section [line] of the settings."),
               local->message);
  return FALSE;
}

/* SCHEME, host and port, and nothing else. */
static gboolean
is_address (const char *url, const char *scheme)
{
  return url != NULL && g_str_has_prefix (url, scheme) && url[strlen (scheme)] != '\0'
         && strpbrk (url + strlen (scheme), "/?#@;, \t") == NULL;
}

static gboolean
check_config (const MdLineConfig *config, GError **error)
{
  if (config->ca == NULL || config->certificate == NULL || config->key == NULL
      || !is_address (config->url, HTTPS))
    {
      g_set_error_literal (
          error, MD_LINE_ERROR, MD_LINE_ERROR_CONFIG,
          _ ("The section [line] of the settings is incomplete. It needs url (https://HOST:PORT), "
             "ca, certificate and key; ask the administrator to complete it."));
      return FALSE;
    }
  if (config->proxy != NULL && !is_address (config->proxy, HTTP))
    {
      g_set_error_literal (error, MD_LINE_ERROR, MD_LINE_ERROR_CONFIG,
                           _ ("The line \"proxy=\" under [line] of the settings takes "
                              "http://HOST:PORT and nothing else. Ask the administrator to correct "
                              "it."));
      return FALSE;
    }
  return check_own_files (config, error);
}

static void
set_trust (CURL *easy, const MdLineConfig *config, GBytes *ca)
{
  gsize size = 0;
  const void *data = g_bytes_get_data (ca, &size);
  struct curl_blob blob = { .data = g_memdup2 (data, size), .len = size, .flags = CURL_BLOB_COPY };

  /* Only our CA: the blob takes the place of the built-in file, and the built-in folder goes. */
  curl_easy_setopt (easy, CURLOPT_CAINFO_BLOB, &blob);
  g_free (blob.data);
  curl_easy_setopt (easy, CURLOPT_CAPATH, NULL);
  curl_easy_setopt (easy, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt (easy, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt (easy, CURLOPT_SSLVERSION,
                    (long)(CURL_SSLVERSION_TLSv1_3 | CURL_SSLVERSION_MAX_TLSv1_3));
  curl_easy_setopt (easy, CURLOPT_CERTINFO, 1L);
  curl_easy_setopt (easy, CURLOPT_SSLCERT, config->certificate);
  curl_easy_setopt (easy, CURLOPT_SSLKEY, config->key);
}

static void
set_manners (CURL *easy, const MdLineConfig *config)
{
  guint connect = config->connect_timeout_ms != 0 ? config->connect_timeout_ms : CONNECT_TIMEOUT_MS;
  guint stall = config->stall_timeout_s != 0 ? config->stall_timeout_s : STALL_TIMEOUT_S;

  curl_easy_setopt (easy, CURLOPT_PROTOCOLS_STR, "https");
  curl_easy_setopt (easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
  curl_easy_setopt (easy, CURLOPT_HTTP09_ALLOWED, 0L);
  curl_easy_setopt (easy, CURLOPT_FOLLOWLOCATION, 0L);
  /* "" and not nothing: what the environment says of proxies is not asked. */
  curl_easy_setopt (easy, CURLOPT_PROXY, config->proxy != NULL ? config->proxy : "");
  curl_easy_setopt (easy, CURLOPT_NOPROXY, "");
  curl_easy_setopt (easy, CURLOPT_PROXYTYPE, (long)CURLPROXY_HTTP);
  curl_easy_setopt (easy, CURLOPT_HTTPPROXYTUNNEL, config->proxy != NULL ? 1L : 0L);
  curl_easy_setopt (easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  curl_easy_setopt (easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
  curl_easy_setopt (easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (easy, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt (easy, CURLOPT_MAXCONNECTS, 1L);
  curl_easy_setopt (easy, CURLOPT_CONNECTTIMEOUT_MS, (long)connect);
  curl_easy_setopt (easy, CURLOPT_LOW_SPEED_LIMIT, STALL_BYTES_PER_S);
  curl_easy_setopt (easy, CURLOPT_LOW_SPEED_TIME, (long)stall);
}

MdLineClient *
md_line_client_new (const MdLineConfig *config, GError **error)
{
  static gsize initialised = 0;
  g_autofree char *text = NULL;
  MdLineClient *client = NULL;
  gsize size = 0;

  g_return_val_if_fail (config != NULL, NULL);

  if (g_once_init_enter (&initialised))
    {
      curl_global_init (CURL_GLOBAL_DEFAULT);
      g_once_init_leave (&initialised, 1);
    }
  if (!check_config (config, error))
    return NULL;
  if (!g_file_get_contents (config->ca, &text, &size, NULL) || size > MAX_PEM_FILE)
    {
      g_set_error (error, MD_LINE_ERROR, MD_LINE_ERROR_CONFIG,
                   _ ("The file %s cannot be read or is too large."), config->ca);
      return NULL;
    }
  client = g_new0 (MdLineClient, 1);
  client->url = g_strdup (config->url);
  client->proxy = g_strdup (config->proxy);
  client->ca = g_bytes_new_take (g_steal_pointer (&text), size);
  client->easy = curl_easy_init ();
  g_assert (client->easy != NULL);
  set_trust (client->easy, config, client->ca);
  set_manners (client->easy, config);
  return client;
}

void
md_line_client_free (MdLineClient *client)
{
  if (client == NULL)
    return;
  g_clear_pointer (&client->easy, curl_easy_cleanup);
  g_clear_pointer (&client->ca, g_bytes_unref);
  g_free (client->url);
  g_free (client->proxy);
  g_free (client);
}

guint
md_line_client_connections (MdLineClient *client)
{
  return client->connections;
}

/* --- One transfer --- */

/* Libcurl tells it of new connections alone. */
static void
note_peer (MdLineClient *client)
{
  struct curl_certinfo *chain = NULL;
  const char *prefix = "Expire date:";

  if (curl_easy_getinfo (client->easy, CURLINFO_CERTINFO, &chain) != CURLE_OK || chain == NULL
      || chain->num_of_certs < 1)
    return;
  for (const struct curl_slist *line = chain->certinfo[0]; line != NULL; line = line->next)
    if (g_str_has_prefix (line->data, prefix))
      {
        const time_t until = curl_getdate (line->data + strlen (prefix), NULL);

        client->peer_until = until > 0 ? (gint64)until : client->peer_until;
      }
}

static size_t
take_body (char *data, size_t size, size_t count, void *user_data)
{
  Transfer *transfer = user_data;

  if (count > transfer->max_body - transfer->body->len)
    {
      transfer->too_large = TRUE;
      return 0;
    }
  g_byte_array_append (transfer->body, (const guint8 *)data, (guint)count);
  return count;
}

/* The value of header @name if @line is that header and it is of a reasonable length. */
static char *
header_value (const char *line, gsize size, const char *name)
{
  gsize length = strlen (name);

  if (size <= length || g_ascii_strncasecmp (line, name, length) != 0 || line[length] != ':'
      || size - length > MAX_HEADER_VALUE)
    return NULL;
  return g_strstrip (g_strndup (line + length + 1, size - length - 1));
}

static void
set_string (char **place, char *value)
{
  g_free (*place);
  *place = value;
}

/* 0 where it is no number of seconds: a day and time is not used on this wire. */
static guint
read_seconds (const char *text)
{
  guint64 seconds = 0;

  return g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT32, &seconds, NULL)
             ? (guint)MIN (seconds, MAX_RETRY_AFTER_S)
             : 0;
}

static size_t
take_header (char *line, size_t size, size_t count, void *user_data)
{
  Transfer *transfer = user_data;
  MdLineAnswer *answer = transfer->answer;
  char *value = NULL;

  transfer->header_bytes += count;
  if (transfer->header_bytes > MD_WIRE_MAX_HEADERS)
    {
      transfer->too_large = TRUE;
      return 0;
    }
  if ((value = header_value (line, count, "ETag")) != NULL)
    set_string (&answer->etag, value);
  else if ((value = header_value (line, count, "Content-Type")) != NULL)
    {
      value[strcspn (value, "; \t")] = '\0';
      set_string (&answer->content_type, value);
    }
  else if ((value = header_value (line, count, "Date")) != NULL)
    {
      const time_t date = curl_getdate (value, NULL);

      answer->ahead_s
          = date > 0 ? md_clock_get_wall_us (md_clock_get_system ()) / G_USEC_PER_SEC - (gint64)date
                     : 0;
      g_free (value);
    }
  else if ((value = header_value (line, count, "Retry-After")) != NULL)
    {
      answer->retry_after_s = read_seconds (value);
      g_free (value);
    }
  else if ((value = header_value (line, count, MD_WIRE_HEADER_NONCE)) != NULL)
    {
      g_clear_pointer (&answer->nonce, g_bytes_unref);
      answer->nonce = md_base64_decode (value, MD_WIRE_NONCE_SIZE, NULL);
      g_free (value);
    }
  return count;
}

static int
watch_progress (void *user_data, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
  Transfer *transfer = user_data;

  return g_cancellable_is_cancelled (transfer->cancellable) ? 1 : 0;
}

static void
explain (MdLineClient *client, CURLcode code, const Transfer *transfer, GError **error)
{
  MdLineFailure failure
      = { .code = code,
          .too_large = transfer->too_large,
          .proxied = client->proxy != NULL,
          .near = _md_line_is_near (client->proxy != NULL ? client->proxy : client->url),
          .reason = transfer->reason };

  curl_easy_getinfo (client->easy, CURLINFO_SSL_VERIFYRESULT, &failure.verdict);
  curl_easy_getinfo (client->easy, CURLINFO_HTTP_CONNECTCODE, &failure.connect);
  curl_easy_getinfo (client->easy, CURLINFO_OS_ERRNO, &failure.system);
  _md_line_explain (&failure, error);
}

static void
forget_request (CURL *easy)
{
  curl_easy_setopt (easy, CURLOPT_HTTPGET, 1L);
  curl_easy_setopt (easy, CURLOPT_CUSTOMREQUEST, NULL);
  curl_easy_setopt (easy, CURLOPT_POSTFIELDS, NULL);
  curl_easy_setopt (easy, CURLOPT_HTTPHEADER, NULL);
  curl_easy_setopt (easy, CURLOPT_ERRORBUFFER, NULL);
}

/* Runs what the caller has set up on the handle. */
static MdLineAnswer *
perform (MdLineClient *client, const char *path, MdCurlList *headers, gsize max_body,
         GCancellable *cancellable, GError **error)
{
  g_autoptr (MdLineAnswer) answer = g_new0 (MdLineAnswer, 1);
  g_autoptr (GByteArray) body = g_byte_array_new ();
  g_autofree char *url = g_strconcat (client->url, path, NULL);
  Transfer transfer = { answer, body, max_body, .cancellable = cancellable };
  CURL *easy = client->easy;
  long status = 0;
  long connects = 0;
  CURLcode code = CURLE_OK;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  curl_easy_setopt (easy, CURLOPT_URL, url);
  curl_easy_setopt (easy, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt (easy, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt (easy, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt (easy, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt (easy, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt (easy, CURLOPT_XFERINFOFUNCTION, watch_progress);
  curl_easy_setopt (easy, CURLOPT_XFERINFODATA, &transfer);
  curl_easy_setopt (easy, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt (easy, CURLOPT_ERRORBUFFER, transfer.reason);

  code = curl_easy_perform (easy);
  curl_easy_getinfo (easy, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo (easy, CURLINFO_NUM_CONNECTS, &connects);
  note_peer (client);
  forget_request (easy);
  client->connections += (guint)connects;
  if (code != CURLE_OK)
    {
      explain (client, code, &transfer, error);
      return NULL;
    }
  answer->status = (guint)status;
  answer->peer_until = client->peer_until;
  answer->body = g_byte_array_free_to_bytes (g_steal_pointer (&body));
  return g_steal_pointer (&answer);
}

static MdCurlList *
append_header (MdCurlList *list, const char *name, const char *value)
{
  g_autofree char *line = g_strdup_printf ("%s: %s", name, value);
  MdCurlList *longer = curl_slist_append (list, line);

  g_assert (longer != NULL);
  return longer;
}

/* @given (transfer full, nullable): headers beside those that every body has. */
static MdLineAnswer *
put (MdLineClient *client, const char *path, MdCurlList *given, GBytes *body,
     GCancellable *cancellable, GError **error)
{
  g_autoptr (MdCurlList) headers = given;
  g_autofree char *digest = md_content_digest_format (body);
  gsize size = 0;
  const void *data = g_bytes_get_data (body, &size);

  headers = append_header (headers, MD_WIRE_HEADER_DIGEST, digest);
  headers = curl_slist_append (headers, "Expect:");
  curl_easy_setopt (client->easy, CURLOPT_POST, 1L);
  curl_easy_setopt (client->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)size);
  curl_easy_setopt (client->easy, CURLOPT_POSTFIELDS, data != NULL ? data : "");
  curl_easy_setopt (client->easy, CURLOPT_CUSTOMREQUEST, "PUT");
  return perform (client, path, headers, MD_WIRE_MAX_RECEIPT, cancellable, error);
}

MdLineAnswer *
md_line_client_put (MdLineClient *client, const char *path, const char *content_type, GBytes *body,
                    GCancellable *cancellable, GError **error)
{
  return put (client, path, append_header (NULL, "Content-Type", content_type), body, cancellable,
              error);
}

MdLineAnswer *
md_line_client_put_chunk (MdLineClient *client, const char *path, gsize whole, GBytes *chunk,
                          GCancellable *cancellable, GError **error)
{
  g_autofree char *length = g_strdup_printf ("%" G_GSIZE_FORMAT, whole);
  MdCurlList *headers = append_header (NULL, "Content-Type", MD_WIRE_TYPE_CHUNK);

  headers = append_header (headers, MD_WIRE_HEADER_UPLOAD_LENGTH, length);
  return put (client, path, headers, chunk, cancellable, error);
}

MdLineAnswer *
md_line_client_ask (MdLineClient *client, const MdLineQuestion *question, GCancellable *cancellable,
                    GError **error)
{
  g_autoptr (MdCurlList) headers = NULL;
  MdLineAnswer *answer = NULL;
  gsize size = 0;
  const void *data = g_bytes_get_data (question->body, &size);

  headers = append_header (headers, "Content-Type", question->content_type);
  headers = curl_slist_append (headers, "Expect:");
  curl_easy_setopt (client->easy, CURLOPT_POST, 1L);
  curl_easy_setopt (client->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)size);
  curl_easy_setopt (client->easy, CURLOPT_POSTFIELDS, data != NULL ? data : "");
  curl_easy_setopt (client->easy, CURLOPT_TIMEOUT, (long)question->timeout_s);
  answer = perform (client, question->path, headers, question->max, cancellable, error);
  curl_easy_setopt (client->easy, CURLOPT_TIMEOUT, 0L);
  return answer;
}

MdLineAnswer *
md_line_client_get (MdLineClient *client, const char *path, const char *etag, gsize max,
                    GCancellable *cancellable, GError **error)
{
  g_autoptr (MdCurlList) headers = NULL;

  if (etag != NULL)
    headers = append_header (headers, "If-None-Match", etag);
  curl_easy_setopt (client->easy, CURLOPT_HTTPGET, 1L);
  return perform (client, path, headers, max, cancellable, error);
}

MdLineAnswer *
md_line_client_get_policy (MdLineClient *client, const char *etag, const char *refused,
                           GCancellable *cancellable, GError **error)
{
  g_autoptr (MdCurlList) headers = append_header (NULL, MD_WIRE_HEADER_POLICY_REFUSED, refused);

  if (etag != NULL)
    headers = append_header (headers, "If-None-Match", etag);
  curl_easy_setopt (client->easy, CURLOPT_HTTPGET, 1L);
  return perform (client, md_route_template (MD_ROUTE_POLICY), headers, MD_WIRE_MAX_POLICY,
                  cancellable, error);
}
