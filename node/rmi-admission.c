/* node/rmi-admission.c: who was let in, and who serves them
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "node/rmi-admission-private.h"

#include "rmi/rmi-siphash-internal.h"

struct _RmiAdmission
{
  gatomicrefcount  ref_count;
  GMutex           mutex;
  GHashTable      *hosts;         /* host → number of connections */
  guint            n_connections;
  guint            n_servers;
  guint            served[];      /* how many of them, by each server */
};

RmiAdmission *
rmi_admission_new (guint n_servers)
{
  RmiAdmission *self = g_malloc0 (sizeof *self + n_servers * sizeof self->served[0]);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->mutex);
  self->hosts = g_hash_table_new_full (rmi_siphash_str, g_str_equal, g_free, NULL);
  self->n_servers = n_servers;
  return self;
}

RmiAdmission *
rmi_admission_ref (RmiAdmission *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
rmi_admission_unref (RmiAdmission *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_hash_table_unref (self->hosts);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

static guint
count_of_host (RmiAdmission *self,
               const char   *host)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->hosts, host));
}

static void
set_count_of_host (RmiAdmission *self,
                   const char   *host,
                   guint         count)
{
  if (count == 0)
    g_hash_table_remove (self->hosts, host);
  else
    g_hash_table_replace (self->hosts, g_strdup (host), GUINT_TO_POINTER (count));
}

static const char *
find_reached_limit (RmiAdmission    *self,
                    const char      *host,
                    const RmiLimits *limits)
{
  gboolean is_own = g_str_equal (host, RMI_ADMISSION_OWN_USER);
  guint n_own = count_of_host (self, RMI_ADMISSION_OWN_USER);
  guint n_likewise = is_own ? n_own : self->n_connections - n_own;

  if (n_likewise >= limits->connections)
    return "This node has reached its limit of connections";
  if (!is_own && count_of_host (self, host) >= limits->connections_per_host)
    return "This node has reached its limit of connections from one address";
  return NULL;
}

static guint
find_idlest (RmiAdmission *self)
{
  guint idlest = 0;

  for (guint i = 1; i < self->n_servers; i++)
    if (self->served[i] < self->served[idlest])
      idlest = i;
  return idlest;
}

gboolean
rmi_admission_enter (RmiAdmission     *self,
                     const char       *host,
                     const RmiLimits  *limits,
                     guint            *server,
                     const char      **why)
{
  g_mutex_lock (&self->mutex);
  *why = find_reached_limit (self, host, limits);
  if (*why == NULL)
    {
      *server = find_idlest (self);
      self->served[*server]++;
      self->n_connections++;
      set_count_of_host (self, host, count_of_host (self, host) + 1);
    }
  g_mutex_unlock (&self->mutex);
  return *why == NULL;
}

void
rmi_admission_leave (RmiAdmission *self,
                     const char   *host,
                     guint         server)
{
  g_mutex_lock (&self->mutex);
  self->served[server]--;
  self->n_connections--;
  set_count_of_host (self, host, count_of_host (self, host) - 1);
  g_mutex_unlock (&self->mutex);
}
