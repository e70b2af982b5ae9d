// SPDX-License-Identifier: Apache-2.0
/* The NIST Public Key Interoperability Test Suite (PKITS), as Debian packs it
 * (python3-cryptography-vectors), through our verifier: test-pkits TABLE.
 *
 * Every signed message of the suite brings a chain and all revocation lists. TABLE (pkits.tsv) says
 * for each test of the specification which chain, what the suite expects of it under which
 * settings, and the words of our verdict; a valid chain that we refuse all the same has its reason
 * there. No invalid chain may be in there with a reason: there is none. */
#include <gio/gio.h>
#include <md-base.h>
#include <md-pki.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <string.h>

#define DATA "/usr/lib/python3/dist-packages/cryptography_vectors/x509/PKITS_data"
#define WHEN 1600000000
#define POLICY_ARC "2.16.840.1.101.3.2.1.48."

/* Facts of the suite: chains, and those named Invalid. */
#define N_CHAINS 224
#define N_INVALID 114
#define BARE_ACCEPTS 23

static const char *table_path;
static char *summary;

/* --- The table --- */

typedef enum
{
  COLUMN_TEST,
  COLUMN_CHAIN,
  COLUMN_EXPECTED, /* valid, invalid */
  COLUMN_SETTINGS, /* "-", or words parted by blanks */
  COLUMN_VERDICT,  /* status, and behind a stroke the cause */
  COLUMN_REASON,   /* of an exception; else "-" */
  N_COLUMNS
} Column;

/* (element-type GStrv) */
static GPtrArray *
read_table (void)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify)g_strfreev);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  g_file_get_contents (table_path, &text, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (g_strchomp (text), "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++)
    {
      char **fields;

      if (lines[i][0] == '#')
        continue;
      fields = g_strsplit (lines[i], "\t", -1);
      if (g_strv_length (fields) != N_COLUMNS)
        g_error ("%s: not six columns: %s", table_path, lines[i]);
      g_ptr_array_add (rows, fields);
    }
  return g_steal_pointer (&rows);
}

/* --- A chain --- */

typedef struct
{
  MdCertificate *end;
  GPtrArray *others;
  GPtrArray *lists;
} Chain;

static void
chain_clear (Chain *chain)
{
  g_clear_pointer (&chain->end, md_certificate_unref);
  g_clear_pointer (&chain->others, g_ptr_array_unref);
  g_clear_pointer (&chain->lists, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Chain, chain_clear)

static GBytes *
take_der (unsigned char *der, int size)
{
  GBytes *bytes = g_bytes_new (der, (gsize)MAX (size, 0));

  OPENSSL_free (der);
  return bytes;
}

static void
read_certificates (Chain *chain, CMS_ContentInfo *cms)
{
  STACK_OF (X509) *certificates = CMS_get1_certs (cms);
  CMS_SignerInfo *info = sk_CMS_SignerInfo_value (CMS_get0_SignerInfos (cms), 0);

  for (int i = 0; i < sk_X509_num (certificates); i++)
    {
      unsigned char *der = NULL;
      const int size = i2d_X509 (sk_X509_value (certificates, i), &der);
      g_autoptr (GBytes) bytes = take_der (der, size);
      MdCertificate *certificate = md_certificate_new_from_der (bytes, NULL);

      if (certificate == NULL)
        continue;
      if (CMS_SignerInfo_cert_cmp (info, sk_X509_value (certificates, i)) == 0)
        chain->end = certificate;
      else
        g_ptr_array_add (chain->others, certificate);
    }
  sk_X509_pop_free (certificates, X509_free);
}

static void
read_lists (Chain *chain, CMS_ContentInfo *cms)
{
  STACK_OF (X509_CRL) *lists = CMS_get1_crls (cms);

  for (int i = 0; i < sk_X509_CRL_num (lists); i++)
    {
      unsigned char *der = NULL;
      const int size = i2d_X509_CRL (sk_X509_CRL_value (lists, i), &der);

      g_ptr_array_add (chain->lists, take_der (der, size));
    }
  sk_X509_CRL_pop_free (lists, X509_CRL_free);
}

static void
read_chain (const char *name, Chain *out_chain)
{
  g_autofree char *path = g_strdup_printf (DATA "/smime/Signed%s.eml", name);
  BIO *file = BIO_new_file (path, "r");
  BIO *content = NULL;
  CMS_ContentInfo *cms = file != NULL ? SMIME_read_CMS (file, &content) : NULL;

  if (cms == NULL)
    g_error ("%s cannot be read", path);
  *out_chain
      = (Chain){ .others = g_ptr_array_new_with_free_func ((GDestroyNotify)md_certificate_unref),
                 .lists = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref) };
  read_certificates (out_chain, cms);
  read_lists (out_chain, cms);
  CMS_ContentInfo_free (cms);
  BIO_free (content);
  BIO_free (file);
  ERR_clear_error ();
}

/* --- Judging --- */

static MdTrust *
new_trust (void)
{
  MdTrust *trust = md_trust_new (MD_TRUST_PROFILE_ANY);
  g_autoptr (GError) error = NULL;
  g_autoptr (MdCertificate) anchor
      = md_certificate_new_from_file (DATA "/certs/TrustAnchorRootCertificate.crt", &error);

  g_assert_no_error (error);
  md_trust_add_anchor (trust, anchor);
  return trust;
}

/* The inputs of RFC 5280, 6.1.1, that the suite sets, over the rule that its lists may be of every
 * kind but deltas, which are read under no rule. */
static MdTrust *
new_trust_with (const char *settings)
{
  static const struct
  {
    const char *word;
    MdTrustRules rule;
  } words[] = {
    { "explicit", MD_TRUST_RULE_EXPLICIT_POLICY },
    { "inhibit-mapping", MD_TRUST_RULE_INHIBIT_MAPPING },
    { "inhibit-any", MD_TRUST_RULE_INHIBIT_ANY_POLICY },
  };
  MdTrust *trust = new_trust ();
  g_auto (GStrv) parts = g_strsplit (settings, " ", -1);
  guint rules = MD_TRUST_RULE_EXTENDED_LISTS;

  for (gsize i = 0; parts[i] != NULL; i++)
    {
      gboolean known = g_str_equal (parts[i], "-");

      for (gsize k = 0; k < G_N_ELEMENTS (words); k++)
        if (g_str_equal (parts[i], words[k].word))
          {
            rules |= words[k].rule;
            known = TRUE;
          }
      if (g_str_has_prefix (parts[i], "policy="))
        {
          g_auto (GStrv) ends = g_strsplit (parts[i] + strlen ("policy="), ",", -1);

          for (gsize k = 0; ends[k] != NULL; k++)
            {
              g_autofree char *oid = g_strconcat (POLICY_ARC, ends[k], NULL);

              known = md_trust_add_policy (trust, oid, NULL);
            }
        }
      if (!known)
        g_error ("an unknown setting: %s", parts[i]);
    }
  md_trust_set_rules (trust, (MdTrustRules)rules);
  return trust;
}

/* NULL: the certificate itself cannot be taken in. */
static MdVerdict *
judge (const MdTrust *trust, const char *name)
{
  g_auto (Chain) chain = { 0 };

  read_chain (name, &chain);
  return chain.end != NULL
             ? md_trust_check_listed (trust, chain.end, chain.others, chain.lists, WHEN)
             : NULL;
}

static gboolean
is_valid (const MdVerdict *verdict)
{
  return verdict != NULL && md_verdict_get_status (verdict) == MD_VERDICT_VALID;
}

static char *
words_of (const MdVerdict *verdict)
{
  if (verdict == NULL)
    return g_strdup ("unreadable");
  if (md_verdict_get_cause (verdict) == MD_VERDICT_CAUSE_NONE)
    return g_strdup (md_verdict_status_to_string (md_verdict_get_status (verdict)));
  return g_strdup_printf ("%s/%s", md_verdict_status_to_string (md_verdict_get_status (verdict)),
                          md_verdict_cause_to_string (md_verdict_get_cause (verdict)));
}

/* --- The tests --- */

static gboolean
has_data (void)
{
  if (g_file_test (DATA, G_FILE_TEST_IS_DIR))
    return TRUE;
  g_test_skip ("python3-cryptography-vectors is not installed; packaging/deps brings it");
  return FALSE;
}

/* Names of all chains, without "Signed" and ".eml". */
static GHashTable *
list_chains (void)
{
  GHashTable *names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GDir) dir = g_dir_open (DATA "/smime", 0, NULL);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, "Signed") && g_str_has_suffix (name, ".eml"))
      g_hash_table_add (names, g_strndup (name + 6, strlen (name) - 10));
  return names;
}

/* The table leaves nothing of the suite out, and excuses nothing that the suite calls invalid. */
static void
test_table (void)
{
  g_autoptr (GHashTable) chains = NULL;
  g_autoptr (GPtrArray) rows = read_table ();
  g_autoptr (GHashTable) tests = g_hash_table_new (g_str_hash, g_str_equal);

  if (!has_data ())
    return;
  chains = list_chains ();
  g_assert_cmpuint (g_hash_table_size (chains), ==, N_CHAINS);
  for (guint i = 0; i < rows->len; i++)
    {
      char **row = g_ptr_array_index (rows, i);
      const gboolean invalid = g_str_equal (row[COLUMN_EXPECTED], "invalid");
      const gboolean accepted = g_str_equal (row[COLUMN_VERDICT], "valid");

      g_test_message ("%s", row[COLUMN_TEST]);
      g_assert_true (g_hash_table_add (tests, row[COLUMN_TEST]));
      (void)g_hash_table_remove (chains, row[COLUMN_CHAIN]);
      g_assert_true (invalid || g_str_equal (row[COLUMN_EXPECTED], "valid"));
      g_assert_true (invalid || !g_str_has_prefix (row[COLUMN_CHAIN], "Invalid"));
      g_assert_false (invalid && (accepted || !g_str_equal (row[COLUMN_REASON], "-")));
      g_assert_true (invalid || accepted == (g_str_equal (row[COLUMN_REASON], "-")));
    }
  if (g_hash_table_size (chains) != 0)
    g_error ("%u chains are in no row", g_hash_table_size (chains));
}

static void
test_suite (void)
{
  g_autoptr (GPtrArray) rows = read_table ();
  g_autoptr (GHashTable) refused = g_hash_table_new (g_str_hash, g_str_equal);
  guint wrong = 0;
  guint accepted = 0;
  guint exceptions = 0;

  if (!has_data ())
    return;
  for (guint i = 0; i < rows->len; i++)
    {
      char **row = g_ptr_array_index (rows, i);
      g_autoptr (MdTrust) trust = new_trust_with (row[COLUMN_SETTINGS]);
      g_autoptr (MdVerdict) verdict = judge (trust, row[COLUMN_CHAIN]);
      g_autofree char *words = words_of (verdict);

      if (!g_str_equal (words, row[COLUMN_VERDICT]))
        {
          wrong++;
          g_test_message ("%s\t%s\t%s\t%s\t%s", row[COLUMN_TEST], row[COLUMN_CHAIN],
                          row[COLUMN_EXPECTED], row[COLUMN_SETTINGS], words);
        }
      if (g_str_has_prefix (row[COLUMN_CHAIN], "Invalid") && !is_valid (verdict))
        g_hash_table_add (refused, row[COLUMN_CHAIN]);
      if (g_str_equal (row[COLUMN_EXPECTED], "valid"))
        {
          accepted += is_valid (verdict) ? 1 : 0;
          exceptions += is_valid (verdict) ? 0 : 1;
        }
    }
  summary = g_strdup_printf ("%d chains, %u invalid refused, %u valid accepted, %u exceptions",
                             N_CHAINS, g_hash_table_size (refused), accepted, exceptions);
  g_assert_cmpuint (g_hash_table_size (refused), ==, N_INVALID);
  g_assert_cmpuint (wrong, ==, 0);
}

/* As an office has it: no rule but the usual ones, and lists of the plain kind alone. What is
 * invalid stays refused; a few valid chains that need more than that are refused, too. */
static void
test_without_settings (void)
{
  g_autoptr (MdTrust) trust = NULL;
  g_autoptr (GHashTable) chains = NULL;
  GHashTableIter iter;
  gpointer name;
  guint refused = 0;

  if (!has_data ())
    return;
  trust = new_trust ();
  chains = list_chains ();
  g_hash_table_iter_init (&iter, chains);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (g_str_has_prefix (name, "Invalid"))
      {
        g_autoptr (MdVerdict) verdict = judge (trust, name);

        g_autofree char *words = words_of (verdict);

        g_test_message ("%s: %s", (const char *)name, words);
        refused += is_valid (verdict) ? 0 : 1;
      }
  g_assert_cmpuint (refused, ==, N_INVALID);
}

/* What libcrypto alone makes of a chain: signatures, dates, names and all lists, but no policies.
 */
static gboolean
bare_accepts (X509_STORE *store, const char *name)
{
  const unsigned long flags = X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL
                              | X509_V_FLAG_EXTENDED_CRL_SUPPORT | X509_V_FLAG_USE_DELTAS;
  g_autofree char *path = g_strdup_printf (DATA "/smime/Signed%s.eml", name);
  BIO *file = BIO_new_file (path, "r");
  BIO *content = NULL;
  CMS_ContentInfo *cms = SMIME_read_CMS (file, &content);
  X509_STORE_CTX *context = X509_STORE_CTX_new ();
  STACK_OF (X509) *certificates = CMS_get1_certs (cms);
  STACK_OF (X509_CRL) *lists = CMS_get1_crls (cms);
  X509 *end = NULL;
  gboolean accepted;

  for (int i = 0; i < sk_X509_num (certificates); i++)
    if (CMS_SignerInfo_cert_cmp (sk_CMS_SignerInfo_value (CMS_get0_SignerInfos (cms), 0),
                                 sk_X509_value (certificates, i))
        == 0)
      end = sk_X509_value (certificates, i);
  g_assert_cmpint (X509_STORE_CTX_init (context, store, end, certificates), ==, 1);
  X509_STORE_CTX_set0_crls (context, lists);
  X509_STORE_CTX_set_time (context, 0, WHEN);
  X509_STORE_CTX_set_flags (context, flags);
  accepted = X509_verify_cert (context) == 1;
  X509_STORE_CTX_free (context);
  sk_X509_pop_free (certificates, X509_free);
  sk_X509_CRL_pop_free (lists, X509_CRL_free);
  CMS_ContentInfo_free (cms);
  BIO_free (content);
  BIO_free (file);
  ERR_clear_error ();
  return accepted;
}

/* That the suite can tell a verifier from half a one: without policies a good many get through.
 * What it makes of delta lists differs from version to version, and is left out. */
static void
test_bare_libcrypto (void)
{
  BIO *file = NULL;
  X509 *anchor;
  X509_STORE *store;
  g_autoptr (GHashTable) chains = NULL;
  GHashTableIter iter;
  gpointer name;
  guint accepted = 0;

  if (!has_data ())
    return;
  file = BIO_new_file (DATA "/certs/TrustAnchorRootCertificate.crt", "rb");
  anchor = d2i_X509_bio (file, NULL);
  store = X509_STORE_new ();
  g_assert_cmpint (X509_STORE_add_cert (store, anchor), ==, 1);
  chains = list_chains ();
  g_hash_table_iter_init (&iter, chains);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (g_str_has_prefix (name, "Invalid") && strstr (name, "deltaCRL") == NULL
        && bare_accepts (store, name))
      accepted++;
  g_test_message ("libcrypto without policies accepts %u of %d", accepted, N_INVALID);
  g_assert_cmpuint (accepted, ==, BARE_ACCEPTS);
  X509_STORE_free (store);
  X509_free (anchor);
  BIO_free (file);
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  if (argc != 2)
    g_error ("test-pkits TABLE");
  table_path = argv[1];
  g_test_add_func ("/pki/pkits/table", test_table);
  g_test_add_func ("/pki/pkits/suite", test_suite);
  g_test_add_func ("/pki/pkits/without-settings", test_without_settings);
  g_test_add_func ("/pki/pkits/bare-libcrypto", test_bare_libcrypto);
  result = g_test_run ();
  if (summary != NULL)
    g_print ("# pkits: %s\n", summary);
  g_free (summary);
  return result;
}
