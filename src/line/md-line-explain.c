// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-line-explain.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <openssl/x509_vfy.h>
#include <string.h>
#include <sys/socket.h>

/* For people: what is the matter, what becomes of the work, what to do. */
static const struct
{
  MdLineError code;
  const char *text;
} texts[] = {
  { MD_LINE_ERROR_NO_LINK,
    N_ ("This terminal is not connected to a network. Intake goes on; what is taken in is kept "
        "safely here and sent when the line is back. Look at the network cable first; if it is "
        "plugged in, tell the administrator.") },
  { MD_LINE_ERROR_NO_NAME,
    N_ ("The name of the gateway is not found in the network. Intake goes on; what is taken in is "
        "kept safely here and sent when the line is back. If it lasts, tell the administrator.") },
  { MD_LINE_ERROR_PROXY,
    N_ ("The proxy on the way to the gateway does not answer, or lets nothing through. Intake goes "
        "on; what is taken in is kept safely here and sent when the line is back. If it lasts, "
        "tell the administrator.") },
  { MD_LINE_ERROR_OFFLINE,
    N_ ("The gateway does not answer: it has stopped, or the line is cut somewhere on the way. "
        "Intake goes on; what is taken in is kept safely here and sent when the line is back. If "
        "it lasts, tell the administrator.") },
  { MD_LINE_ERROR_PEER,
    N_ ("Something answers on the line, but it cannot prove that it is the office's "
        "gateway. Nothing was sent. Tell the administrator.") },
  { MD_LINE_ERROR_CLOCK,
    N_ ("By this terminal's clock the gateway's certificate is not valid yet: the clock seems to "
        "be behind. Nothing was sent. Intake goes on, but times on slips may be wrong; ask the "
        "administrator to set the clock.") },
  { MD_LINE_ERROR_ENDED,
    N_ ("By this terminal's clock the gateway's certificate has ended: the clock is ahead, or the "
        "certificate was not renewed. Nothing was sent. Intake goes on; compare the clock with "
        "another one, and tell the administrator.") },
  { MD_LINE_ERROR_REFUSED,
    N_ ("The gateway does not accept this terminal's certificate. Nothing is "
        "lost; ask the administrator to renew or register it.") },
  { MD_LINE_ERROR_PROTOCOL,
    N_ ("The gateway gave an answer that is not allowed. Nothing is lost; tell "
        "the administrator.") },
  { MD_LINE_ERROR_CONFIG,
    N_ ("A file of the line cannot be used. Ask the administrator to check the "
        "section [line] of the settings.") },
};

gboolean
_md_line_is_near (const char *url)
{
  static const char *const near[] = { "127.", "localhost", "[::1]" };
  const char *host = strstr (url, "://");

  for (guint i = 0; host != NULL && i < G_N_ELEMENTS (near); i++)
    if (g_str_has_prefix (host + strlen ("://"), near[i]))
      return TRUE;
  return FALSE;
}

/* Whether something other than the loopback is up, has a carrier and an address. Where the system
 * does not tell, it is not the link's fault. */
static gboolean
has_link (void)
{
  const guint up = IFF_UP | IFF_RUNNING;
  struct ifaddrs *list = NULL;
  gboolean found = FALSE;

  if (getifaddrs (&list) != 0)
    return TRUE;
  for (const struct ifaddrs *at = list; at != NULL && !found; at = at->ifa_next)
    found = at->ifa_addr != NULL && (at->ifa_flags & (up | IFF_LOOPBACK)) == up
            && (at->ifa_addr->sa_family == AF_INET || at->ifa_addr->sa_family == AF_INET6);
  freeifaddrs (list);
  return found;
}

/* Nobody was reached. */
static MdLineError
meaning_of_silence (const MdLineFailure *failure)
{
  if (failure->near)
    return MD_LINE_ERROR_OFFLINE;
  if (failure->system == ENETUNREACH || failure->system == ENETDOWN || !has_link ())
    return MD_LINE_ERROR_NO_LINK;
  return failure->code == CURLE_COULDNT_RESOLVE_HOST ? MD_LINE_ERROR_NO_NAME
                                                     : MD_LINE_ERROR_OFFLINE;
}

/* Somebody is there, and what is shown is not right. */
static MdLineError
meaning_of_certificate (const MdLineFailure *failure)
{
  if (failure->verdict == X509_V_ERR_CERT_NOT_YET_VALID)
    return MD_LINE_ERROR_CLOCK;
  return failure->verdict == X509_V_ERR_CERT_HAS_EXPIRED ? MD_LINE_ERROR_ENDED : MD_LINE_ERROR_PEER;
}

/* OpenSSL's word for an alert that the other side sent after the handshake: in TLS 1.3 that is
 * where a refused client certificate shows. */
static gboolean
is_alert (const char *reason)
{
  return strstr (reason, "alert") != NULL;
}

static gboolean
is_cut (const char *reason)
{
  return strstr (reason, "SYSCALL") != NULL || strstr (reason, "reset by peer") != NULL
         || strstr (reason, "unexpected eof") != NULL || strstr (reason, "Broken pipe") != NULL;
}

/* Whom a proxy cannot reach is silent, and the proxy is not. */
static MdLineError
meaning_of_proxy (const MdLineFailure *failure)
{
  const gboolean beyond = failure->connect >= 502 && failure->connect <= 504;

  if (failure->connect != 0)
    return beyond ? MD_LINE_ERROR_OFFLINE : MD_LINE_ERROR_PROXY;
  return meaning_of_silence (failure) == MD_LINE_ERROR_NO_LINK ? MD_LINE_ERROR_NO_LINK
                                                               : MD_LINE_ERROR_PROXY;
}

static gboolean
is_of_proxy (const MdLineFailure *failure)
{
  return failure->proxied
         && (failure->connect >= 300 || failure->code == CURLE_COULDNT_CONNECT
             || failure->code == CURLE_COULDNT_RESOLVE_PROXY);
}

static MdLineError
meaning_of (const MdLineFailure *failure)
{
  if (is_of_proxy (failure))
    return meaning_of_proxy (failure);
  switch ((int)failure->code)
    {
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
      return meaning_of_certificate (failure);
    case CURLE_SSL_CONNECT_ERROR:
      return is_cut (failure->reason) ? MD_LINE_ERROR_OFFLINE : MD_LINE_ERROR_PEER;
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_URL_MALFORMAT:
      return MD_LINE_ERROR_CONFIG;
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
      return is_alert (failure->reason) ? MD_LINE_ERROR_REFUSED : meaning_of_silence (failure);
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
      return meaning_of_silence (failure);
    default:
      return MD_LINE_ERROR_PROTOCOL;
    }
}

void
_md_line_explain (const MdLineFailure *failure, GError **error)
{
  const MdLineError code = failure->too_large ? MD_LINE_ERROR_PROTOCOL : meaning_of (failure);
  const char *reason = failure->too_large         ? "too large"
                       : *failure->reason != '\0' ? failure->reason
                                                  : curl_easy_strerror (failure->code);

  if (failure->code == CURLE_ABORTED_BY_CALLBACK && !failure->too_large)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (texts[i].code == code)
      g_set_error (error, MD_LINE_ERROR, (gint)code, "%s\n%s", _ (texts[i].text), reason);
}
