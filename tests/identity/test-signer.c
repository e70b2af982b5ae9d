// SPDX-License-Identifier: Apache-2.0
// Who signed, and who files: what was found against the persons whom a form names.
#include "ward.h"

#include <string.h>

typedef struct
{
  const char *field, *value;
} Value;

#define MORE 8

typedef struct
{
  const char *signer;
  MdSigner found;
  Value form[MORE];
} Row;

#define TANAKA                                                                                     \
  { "p.name", "田中　恵子" }, { "p.birth", "1983-05-14" },                                         \
  {                                                                                                \
    "p.addr", "東京都あおぞら区青空一丁目２番３号"                                \
  }
#define SUZUKI                                                                                     \
  { "p.name", "鈴木　一郎" }, { "p.birth", "1946-01-01" }, { "p.addr", "東京都あおぞら区若葉1-1" }
#define FILER                                                                                      \
  { "a.name", "田中　恵子" }, { "a.birth", "1983-05-14" }

static const Row rows[] = {
  { "tanaka", MD_SIGNER_APPLICANT, { TANAKA } },
  // the same in other forms
  { "tanaka",
    MD_SIGNER_APPLICANT,
    { { "p.name", "田中 惠子" },
      { "p.birth", "昭和58年5月14日" },
      { "p.addr", "東京都あおぞら区青空1-2-3" } } },
  // 代替文字: the register's characters in the form, the certificate's marked ones
  { "gaiji",
    MD_SIGNER_APPLICANT,
    { { "p.name", "𠮷﨑　髙志" },
      { "p.birth", "1975-06-20" },
      { "p.addr", "東京都あおぞら区試験町９－９－２４" } } },
  // somebody else, whatever is alike
  { "sato", MD_SIGNER_OTHER, { TANAKA } },
  { "tanaka",
    MD_SIGNER_OTHER,
    { { "p.name", "田中　恵子" },
      { "p.birth", "1983-05-15" },
      { "p.addr", "東京都あおぞら区青空一丁目２番３号" } } },
  { "tanaka",
    MD_SIGNER_OTHER,
    { { "p.name", "田中　恵子" },
      { "p.birth", "1983-05-14" },
      { "p.addr", "東京都あおぞら区青空一丁目２番４号" } } },
  { "tanaka",
    MD_SIGNER_OTHER,
    { { "p.name", "田中　圭子" },
      { "p.birth", "1983-05-14" },
      { "p.addr", "東京都あおぞら区青空一丁目２番３号" } } },
  // what is left out proves nothing
  { "tanaka", MD_SIGNER_OTHER, { { "p.name", "田中　恵子" }, { "p.birth", "1983-05-14" } } },
  { "tanaka", MD_SIGNER_OTHER, { { "p.name", "" } } },
  // a delegate, and what such a filer has to show
  { "tanaka",
    MD_SIGNER_DELEGATE,
    { SUZUKI, FILER, { "a.kind", "agent" }, { "a.authority", "delegation" } } },
  { "tanaka",
    MD_SIGNER_DELEGATE,
    { SUZUKI, FILER, { "a.kind", "legal" }, { "a.authority", "family-register" } } },
  { "tanaka",
    MD_SIGNER_DELEGATE,
    { SUZUKI, FILER, { "a.kind", "legal" }, { "a.authority", "guardianship" } } },
  { "tanaka", MD_SIGNER_DELEGATE, { SUZUKI, FILER, { "a.kind", "head" } } },
  { "tanaka", MD_SIGNER_NO_AUTHORITY, { SUZUKI, FILER, { "a.kind", "agent" } } },
  { "tanaka",
    MD_SIGNER_NO_AUTHORITY,
    { SUZUKI, FILER, { "a.kind", "agent" }, { "a.authority", "family-register" } } },
  { "tanaka",
    MD_SIGNER_NO_AUTHORITY,
    { SUZUKI, FILER, { "a.kind", "legal" }, { "a.authority", "other" } } },
  { "tanaka", MD_SIGNER_OTHER, { SUZUKI, FILER, { "a.kind", "self" } } },
  { "tanaka", MD_SIGNER_OTHER, { SUZUKI, FILER } },
  { "tanaka", MD_SIGNER_OTHER, { SUZUKI, FILER, { "a.kind", "ex-officio" } } },
  { "tanaka", MD_SIGNER_NO_AUTHORITY, { SUZUKI, FILER, { "a.kind", "bereaved" } } },
  { "sato",
    MD_SIGNER_OTHER,
    { SUZUKI, FILER, { "a.kind", "agent" }, { "a.authority", "delegation" } } },
};

static const char *
look_up (const char *field, gpointer data)
{
  const Row *row = data;
  for (guint i = 0; i < MORE && row->form[i].field != NULL; i++)
    if (g_str_equal (row->form[i].field, field))
      return row->form[i].value;
  return NULL;
}

static MdHolder *
holder_of (const char *person)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_strdup_printf ("%s-sign.crt", person);
  g_autofree char *path = ward_path ("pki", "residents", name, NULL);
  g_autoptr (MdCertificate) certificate = md_certificate_new_from_file (path, &error);
  g_assert_no_error (error);
  MdHolder *holder = md_holder_new_from_certificate (certificate, &error);
  g_assert_no_error (error);
  return holder;
}

static void
test_find (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (MdHolder) signer = holder_of (rows[i].signer);
      Row row = rows[i];
      MdSigner found = md_signer_find (signer, look_up, &row);
      g_test_message ("row %" G_GSIZE_FORMAT ": %s (%s)", i, md_signer_to_string (found),
                      md_signer_get_label (found));
      g_assert_cmpstr (md_signer_to_string (found), ==, md_signer_to_string (rows[i].found));
      g_assert_cmpint (md_signer_may_file (found), ==,
                       found == MD_SIGNER_APPLICANT || found == MD_SIGNER_DELEGATE);
    }
}

typedef struct
{
  MdFilerKind identified;
  MdFilerFit fit;
  Value form[MORE];
} FilerRow;

#define HOME                                                                                       \
  {                                                                                                \
    "p.addr", "東京都あおぞら区若葉1-1"                                                  \
  }
#define AT_HOME                                                                                    \
  {                                                                                                \
    "a.addr", "東京都あおぞら区若葉一丁目１番"                                      \
  }
#define ELSEWHERE                                                                                  \
  {                                                                                                \
    "a.addr", "東京都あおぞら区青空1-2-3"                                                \
  }

static const FilerRow filers[] = {
  { MD_FILER_SELF, MD_FILER_FITS, { SUZUKI } },
  { MD_FILER_SELF, MD_FILER_FITS, { SUZUKI, { "a.kind", "self" } } },
  { MD_FILER_SELF, MD_FILER_FITS, { SUZUKI, { "a.kind", "ex-officio" } } },
  // nobody but the person was identified
  { MD_FILER_SELF,
    MD_FILER_OTHER_KIND,
    { SUZUKI, FILER, { "a.kind", "agent" }, { "a.authority", "delegation" } } },
  { MD_FILER_SELF, MD_FILER_OTHER_KIND, { SUZUKI, FILER, { "a.kind", "head" } } },
  { MD_FILER_AGENT, MD_FILER_OTHER_KIND, { SUZUKI } },
  { MD_FILER_AGENT, MD_FILER_OTHER_KIND, { SUZUKI, { "a.kind", "self" } } },
  { MD_FILER_AGENT, MD_FILER_OTHER_KIND, { SUZUKI, { "a.kind", "ex-officio" } } },
  // by another paper than the one that was shown
  { MD_FILER_AGENT,
    MD_FILER_FITS,
    { SUZUKI, FILER, { "a.kind", "agent" }, { "a.authority", "delegation" } } },
  { MD_FILER_AGENT, MD_FILER_OTHER_PAPER, { SUZUKI, FILER, { "a.kind", "agent" } } },
  { MD_FILER_AGENT,
    MD_FILER_OTHER_PAPER,
    { SUZUKI, FILER, { "a.kind", "agent" }, { "a.authority", "other" } } },
  { MD_FILER_GUARDIAN,
    MD_FILER_FITS,
    { SUZUKI, FILER, { "a.kind", "legal" }, { "a.authority", "guardianship" } } },
  { MD_FILER_GUARDIAN,
    MD_FILER_OTHER_PAPER,
    { SUZUKI, FILER, { "a.kind", "legal" }, { "a.authority", "family-register" } } },
  { MD_FILER_LEGAL,
    MD_FILER_FITS,
    { SUZUKI, FILER, { "a.kind", "legal" }, { "a.authority", "family-register" } } },
  // the household: the same home, and its head is the one whom the form names
  { MD_FILER_HEAD,
    MD_FILER_FITS,
    { HOME, FILER, AT_HOME, { "a.kind", "head" }, { "p.hh_head", "田中 惠子" } } },
  { MD_FILER_HEAD, MD_FILER_FITS, { HOME, FILER, AT_HOME, { "a.kind", "head" } } },
  { MD_FILER_HEAD,
    MD_FILER_NOT_HEAD,
    { HOME, FILER, AT_HOME, { "a.kind", "head" }, { "p.hh_head", "鈴木　一郎" } } },
  { MD_FILER_HEAD,
    MD_FILER_APART,
    { HOME, FILER, ELSEWHERE, { "a.kind", "head" }, { "p.hh_head", "田中　恵子" } } },
  { MD_FILER_MEMBER,
    MD_FILER_FITS,
    { HOME, FILER, AT_HOME, { "a.kind", "member" }, { "p.hh_head", "鈴木　一郎" } } },
  { MD_FILER_MEMBER, MD_FILER_APART, { HOME, FILER, ELSEWHERE, { "a.kind", "member" } } },
  // asked, and written down
  { MD_FILER_MEMBER,
    MD_FILER_FITS,
    { HOME, FILER, ELSEWHERE, { "a.kind", "member" }, { "a.mismatch", "単身赴任中" } } },
  // the family of the dead: in a claim of its own it is the person of the form, else it is named
  { MD_FILER_SELF, MD_FILER_FITS, { SUZUKI, { "a.kind", "bereaved" } } },
  { MD_FILER_SELF, MD_FILER_OTHER_KIND, { SUZUKI, FILER, { "a.kind", "bereaved" } } },
  { MD_FILER_BEREAVED,
    MD_FILER_FITS,
    { SUZUKI, FILER, { "a.kind", "bereaved" }, { "a.authority", "family-register" } } },
  { MD_FILER_BEREAVED,
    MD_FILER_OTHER_PAPER,
    { SUZUKI, FILER, { "a.kind", "bereaved" }, { "a.authority", "other" } } },
  { MD_FILER_SCHOOL,
    MD_FILER_FITS,
    { SUZUKI, FILER, { "a.kind", "school" }, { "a.authority", "delegation" } } },
  // nobody else has to live with the person
  { MD_FILER_CARE_MANAGER,
    MD_FILER_FITS,
    { HOME, FILER, ELSEWHERE, { "a.kind", "care-manager" }, { "a.authority", "delegation" } } },
};

static void
test_filer_fits (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (filers); i++)
    {
      Row row = { NULL };
      memcpy (row.form, filers[i].form, sizeof row.form);
      MdFilerFit fit = md_filer_find_fit (filers[i].identified, look_up, &row);
      g_test_message ("row %" G_GSIZE_FORMAT ": %s (%s)", i, md_filer_fit_to_string (fit),
                      md_filer_fit_get_label (fit));
      g_assert_cmpstr (md_filer_fit_to_string (fit), ==, md_filer_fit_to_string (filers[i].fit));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/identity/signer/find", test_find);
  g_test_add_func ("/identity/signer/filer-fits", test_filer_fits);
  return g_test_run ();
}
