// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <md-base.h>
#include <string.h>
#include "md-asic-private.h"
#include "md-names-private.h"
#include "md-zip-private.h"

#define ASIC_NS "http://uri.etsi.org/02918/v1.2.1#"
#define DS_NS "http://www.w3.org/2000/09/xmldsig#"
#define SHA256_URI "http://www.w3.org/2001/04/xmlenc#sha256"
#define SIGNATURE_MEDIA_TYPE "application/x-pkcs7-signature"
#define JSON_MEDIA_TYPE "application/json"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (xmlDoc, xmlFreeDoc)

typedef xmlChar MdXmlText;

static void
xml_text_free (xmlChar *text)
{
  xmlFree (text);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdXmlText, xml_text_free)

static const xmlChar *
x (const char *text)
{
  return (const xmlChar *)text;
}

static const char *
media_type_of (const char *name)
{
  guint number = 0;

  switch (md_seal_name_read (name, &number))
    {
    case MD_SEAL_NAME_MANIFEST:
    case MD_SEAL_NAME_DECISION:
      return JSON_MEDIA_TYPE;
    case MD_SEAL_NAME_SIGNATURE:
      return SIGNATURE_MEDIA_TYPE;
    case MD_SEAL_NAME_PART:
    case MD_SEAL_NAME_UNKNOWN:
    case MD_SEAL_NAME_MIMETYPE:
    case MD_SEAL_NAME_ASIC_MANIFEST:
    default:
      return MD_SEAL_PART_MEDIA_TYPE;
    }
}

static char *
digest_base64 (GBytes *bytes)
{
  guint8 digest[32];
  gsize size = sizeof digest;
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  GChecksum *checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GBytes) result = NULL;

  g_checksum_update (checksum, data, (gssize)length);
  g_checksum_get_digest (checksum, digest, &size);
  g_checksum_free (checksum);
  result = g_bytes_new (digest, sizeof digest);
  return md_base64_encode (result);
}

/* --- Writing --- */

static xmlNode *
add_reference (xmlNode *root, xmlNs *asic, const char *name, const char *uri)
{
  xmlNode *node = xmlNewChild (root, asic, x (name), NULL);

  xmlNewProp (node, x ("URI"), x (uri));
  xmlNewProp (node, x ("MimeType"), x (media_type_of (uri)));
  return node;
}

GBytes *
md_asic_write (guint number, const GPtrArray *entries, GError **error)
{
  g_autoptr (xmlDoc) doc = xmlNewDoc (x ("1.0"));
  xmlNode *root = xmlNewNode (NULL, x ("ASiCManifest"));
  xmlNs *asic = xmlNewNs (root, x (ASIC_NS), x ("asic"));
  xmlNs *ds = xmlNewNs (root, x (DS_NS), x ("ds"));
  g_autofree char *signature = md_seal_name_make (MD_SEAL_NAME_SIGNATURE, number);
  g_autoptr (MdXmlText) text = NULL;
  int size = 0;

  xmlSetNs (root, asic);
  xmlDocSetRootElement (doc, root);
  add_reference (root, asic, "SigReference", signature);
  for (guint i = 0; i < entries->len; i++)
    {
      const MdZipEntry *entry = g_ptr_array_index (entries, i);
      g_autofree char *digest = digest_base64 (entry->bytes);
      xmlNode *node = add_reference (root, asic, "DataObjectReference", entry->name);
      xmlNode *method = xmlNewChild (node, ds, x ("DigestMethod"), NULL);

      xmlNewProp (method, x ("Algorithm"), x (SHA256_URI));
      xmlNewChild (node, ds, x ("DigestValue"), x (digest));
    }
  xmlDocDumpMemoryEnc (doc, &text, &size, "UTF-8");
  if (text == NULL || size <= 0)
    {
      g_set_error_literal (error, MD_SEAL_ERROR, MD_SEAL_ERROR_FAILED,
                           "the ASiC manifest cannot be written");
      return NULL;
    }
  return g_bytes_new (text, (gsize)size);
}

/* --- Checking --- */

static gboolean
is_element (const xmlNode *node, const char *ns, const char *name)
{
  return node != NULL && node->type == XML_ELEMENT_NODE && node->ns != NULL
         && xmlStrEqual (node->ns->href, x (ns)) && xmlStrEqual (node->name, x (name));
}

static xmlNode *
next_element (xmlNode *node)
{
  while (node != NULL && node->type != XML_ELEMENT_NODE)
    node = node->next;
  return node;
}

static gboolean
attribute_is (xmlNode *node, const char *name, const char *value)
{
  g_autoptr (MdXmlText) text = xmlGetNoNsProp (node, x (name));

  return text != NULL && xmlStrEqual (text, x (value));
}

static gboolean
fail (GError **error, MdSealError code, const char *message)
{
  g_set_error_literal (error, MD_SEAL_ERROR, (int)code, message);
  return FALSE;
}

static gboolean
check_reference (xmlNode *node, const MdZipEntry *entry, GError **error)
{
  xmlNode *method = next_element (node->children);
  xmlNode *value = method != NULL ? next_element (method->next) : NULL;
  g_autoptr (MdXmlText) text = NULL;
  g_autofree char *digest = NULL;

  if (!is_element (node, ASIC_NS, "DataObjectReference")
      || !is_element (method, DS_NS, "DigestMethod") || !is_element (value, DS_NS, "DigestValue")
      || next_element (value->next) != NULL)
    return fail (error, MD_SEAL_ERROR_MALFORMED, "the ASiC manifest has another form");
  if (!attribute_is (method, "Algorithm", SHA256_URI))
    return fail (error, MD_SEAL_ERROR_MALFORMED, "the ASiC manifest uses another digest");
  if (!attribute_is (node, "URI", entry->name))
    return fail (error, MD_SEAL_ERROR_MISMATCH, "the signature covers other entries than it must");
  text = xmlNodeGetContent (value);
  digest = digest_base64 (entry->bytes);
  if (text == NULL || !xmlStrEqual (text, x (digest)))
    {
      g_set_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_DIGEST, "%s is not what was signed",
                   entry->name);
      return FALSE;
    }
  return TRUE;
}

static void
ignore_xml_error (void *user_data, const char *message, ...)
{
}

static xmlDoc *
parse (GBytes *xml)
{
  gsize size = 0;
  const char *data = g_bytes_get_data (xml, &size);
  xmlParserCtxt *context = xmlNewParserCtxt ();
  xmlDoc *doc = NULL;

  if (context == NULL)
    return NULL;
  context->sax->error = ignore_xml_error;
  context->sax->warning = ignore_xml_error;
  if (size > 0)
    doc = xmlCtxtReadMemory (context, data, (int)size, NULL, NULL,
                             XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
  xmlFreeParserCtxt (context);
  /* entities could say one thing to us and another to the next reader */
  if (doc != NULL && (doc->intSubset != NULL || doc->extSubset != NULL))
    g_clear_pointer (&doc, xmlFreeDoc);
  return doc;
}

gboolean
md_asic_check (GBytes *xml, guint number, const GPtrArray *entries, GError **error)
{
  g_autoptr (xmlDoc) doc = NULL;
  g_autofree char *signature = md_seal_name_make (MD_SEAL_NAME_SIGNATURE, number);
  xmlNode *root;
  xmlNode *node;

  if (g_bytes_get_size (xml) > MD_SEAL_MAX_XML)
    return fail (error, MD_SEAL_ERROR_LIMIT, "an ASiC manifest is too large");
  doc = parse (xml);
  root = doc != NULL ? xmlDocGetRootElement (doc) : NULL;
  node = root != NULL ? next_element (root->children) : NULL;
  if (!is_element (root, ASIC_NS, "ASiCManifest") || !is_element (node, ASIC_NS, "SigReference"))
    return fail (error, MD_SEAL_ERROR_MALFORMED, "the ASiC manifest has another form");
  if (!attribute_is (node, "URI", signature))
    return fail (error, MD_SEAL_ERROR_MISMATCH, "the ASiC manifest belongs to another signature");
  for (guint i = 0; i < entries->len; i++)
    {
      node = next_element (node->next);
      if (node == NULL)
        return fail (error, MD_SEAL_ERROR_MISMATCH, "the signature covers less than it must");
      if (!check_reference (node, g_ptr_array_index (entries, i), error))
        return FALSE;
    }
  if (next_element (node->next) != NULL)
    return fail (error, MD_SEAL_ERROR_MISMATCH, "the signature covers entries that are not there");
  return TRUE;
}
