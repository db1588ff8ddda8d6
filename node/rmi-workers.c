/* node/rmi-workers.c: several nodes behind one address, each in a thread of its own
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One more worker, the door, only listens: so connections are accepted however long methods take. No lock is
 * held while one waits for a worker, for that may be calling in here: what is done in all workers is done in
 * one after the other, always beginning with the first.
 */
#include "config.h"
#include "node/rmi-workers.h"

#include "node/rmi-node-limits-private.h"
#include "node/rmi-node-private.h"
#include "node/rmi-worker-private.h"
#include "rmi/rmi-error.h"

/**
 * RmiWorkers:
 *
 * Serves one address with several threads: more cores for a server. Each worker is a whole #RmiNode in a
 * thread of its own, which runs its main loop. A connection goes to the worker that has the fewest, and stays
 * there: all its calls run in that worker's thread, one after the other.
 *
 * |[<!-- language="C" -->
 * g_autoptr(RmiWorkers) workers = rmi_workers_new (0);
 * g_autofree char *uri = rmi_workers_listen (workers, "rmi://127.0.0.1:7641", NULL, &error);
 *
 * // store locks what it shares
 * rmi_workers_export (workers, "/shop/warehouse", G_OBJECT (store), &error);
 * // each worker has a cart of its own
 * rmi_workers_export_with_factory (workers, "/shop/cart", make_cart, db, &error);
 * ]|
 *
 * Objects that methods return or get, and so the implicit ids of objects, belong to the worker of the
 * connection. In a worker's thread the worker's main context is the thread-default one: sources that an
 * object attaches there run between its calls.
 *
 * A name in the registry leads to an address: rmi_naming_bind() accepts a stub of what the workers export,
 * which any node can get with rmi_node_get_object() from the URI that rmi_workers_listen() returned.
 *
 * Each limit of RmiNode is a property here, too, and sets that of all workers. `limit-connections` and
 * `limit-connections-per-host` hold for all of them together.
 *
 * All functions may be called from any thread, also in methods that the workers serve.
 *
 * Since: 1.0
 */
struct _RmiWorkers
{
  GObject parent_instance;

  RmiWorker **workers;
  guint       n_workers;
  RmiWorker  *door;
  int         is_closed;          /* atomic */
};

G_DEFINE_FINAL_TYPE (RmiWorkers, rmi_workers, G_TYPE_OBJECT)

#define PROP_N_WORKERS G_MAXUINT      /* the limits begin at 1 */
#define MAX_WORKERS 256      /* each has two descriptors before its first connection, of 1,024 as a rule */

static gboolean
check_open (RmiWorkers  *self,
            GError     **error)
{
  if (!g_atomic_int_get (&self->is_closed))
    return TRUE;

  g_set_error (error, RMI_ERROR, RMI_ERROR_CLOSING, "The workers are closed");
  return FALSE;
}

/* ---- listening ---- */

/**
 * rmi_workers_new:
 * @n_workers: how many threads serve; 0: as many as this process may use CPUs
 *
 * Starts workers, at most 256, which have nothing to serve yet. Like a #GMainContext, they cannot do without descriptors and threads:
 * the program ends if there are none left.
 *
 * Returns: (transfer full): the workers
 *
 * Since: 1.0
 */
RmiWorkers *
rmi_workers_new (guint n_workers)
{
  return g_object_new (RMI_TYPE_WORKERS, "n-workers", n_workers, NULL);
}

/**
 * rmi_workers_get_n_workers:
 * @self: workers
 *
 * Returns: how many threads serve
 *
 * Since: 1.0
 */
guint
rmi_workers_get_n_workers (RmiWorkers *self)
{
  g_return_val_if_fail (RMI_IS_WORKERS (self), 0);

  return self->n_workers;
}

/**
 * rmi_workers_listen:
 * @self: workers
 * @uri: (nullable): where, as for rmi_node_listen()
 * @cancellable: (nullable): not used yet: listening does not block
 * @error: return location for an error
 *
 * Lets other processes connect. May be called several times.
 *
 * Returns: (transfer full): the real URI, with the port that was chosen; or %NULL
 *
 * Since: 1.0
 */
char *
rmi_workers_listen (RmiWorkers    *self,
                    const char    *uri,
                    GCancellable  *cancellable,
                    GError       **error)
{
  g_autofree char *real = NULL;

  g_return_val_if_fail (RMI_IS_WORKERS (self), NULL);

  if (!check_open (self, error))
    return NULL;
  real = rmi_node_listen (rmi_worker_get_node (self->door), uri, cancellable, error);
  if (real == NULL || check_open (self, error))
    return g_steal_pointer (&real);

  /* Closed meanwhile by somebody else, who did not see it. */
  rmi_node_close (rmi_worker_get_node (self->door));
  return NULL;
}

/**
 * rmi_workers_list_endpoints:
 * @self: workers
 *
 * Returns: (transfer full) (array zero-terminated=1): the URIs that @self listens on
 *
 * Since: 1.0
 */
char **
rmi_workers_list_endpoints (RmiWorkers *self)
{
  g_return_val_if_fail (RMI_IS_WORKERS (self), NULL);

  return rmi_node_list_endpoints (rmi_worker_get_node (self->door));
}

/* ---- exporting ---- */

/* An export in one worker after the other, by its thread. */
typedef struct
{
  RmiNode           *node;
  const char        *path;
  RmiWorkerFactory   factory;
  gpointer           user_data;
  gboolean           succeeded;
  GError           **error;
} ExportJob;

static void
export_cb (gpointer data,
           gpointer unused)
{
  ExportJob *job = data;
  g_autoptr(GObject) object = job->factory (job->node, job->user_data, job->error);

  job->succeeded = object != NULL && rmi_node_export (job->node, job->path, object, job->error);
}

/**
 * rmi_workers_export_with_factory:
 * @self: workers
 * @path: where, such as `/shop/warehouse`
 * @factory: (scope call): makes the object of one worker
 * @user_data: for @factory
 * @error: return location for an error
 *
 * Publishes an object of each worker's own, which need not know of threads: the worker's thread makes it, and
 * calls it for the worker's connections only. Either all workers have one in the end, or none has.
 *
 * Returns: %FALSE as rmi_node_export(), with %RMI_ERROR_CLOSING after rmi_workers_close(), or with the error
 * of @factory
 *
 * Since: 1.0
 */
gboolean
rmi_workers_export_with_factory (RmiWorkers        *self,
                                 const char        *path,
                                 RmiWorkerFactory   factory,
                                 gpointer           user_data,
                                 GError           **error)
{
  ExportJob job = { NULL, path, factory, user_data, TRUE, error };
  guint n_exported = 0;

  g_return_val_if_fail (RMI_IS_WORKERS (self), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (factory != NULL, FALSE);

  if (!check_open (self, error))
    return FALSE;
  while (job.succeeded && n_exported < self->n_workers)
    {
      job.node = rmi_worker_get_node (self->workers[n_exported]);
      rmi_worker_run (self->workers[n_exported], export_cb, &job);
      n_exported += job.succeeded;
    }
  if (job.succeeded && check_open (self, error))
    return TRUE;

  /* One failed, or somebody else closed them meanwhile, who did not see it. */
  while (n_exported-- > 0)
    rmi_node_unexport (rmi_worker_get_node (self->workers[n_exported]), path);
  return FALSE;
}

static GObject *
same_object (RmiNode   *node,
             gpointer   object,
             GError   **error)
{
  return g_object_ref (object);
}

/**
 * rmi_workers_export:
 * @self: workers
 * @path: where, such as `/shop/warehouse`
 * @object: an object with at least one described interface
 * @error: return location for an error
 *
 * Publishes one object at all workers. Its methods are called, and its properties read and set, in the
 * threads of all of them at once: it has to lock what it changes. It may emit signals in any thread; they
 * reach the subscribers of all workers. Either all workers export it in the end, or none does, as long as
 * nobody else exports or unexports at @path meanwhile.
 *
 * Returns: %FALSE as rmi_node_export(), or with %RMI_ERROR_CLOSING after rmi_workers_close()
 *
 * Since: 1.0
 */
gboolean
rmi_workers_export (RmiWorkers  *self,
                    const char  *path,
                    GObject     *object,
                    GError     **error)
{
  g_return_val_if_fail (G_IS_OBJECT (object), FALSE);

  return rmi_workers_export_with_factory (self, path, same_object, object, error);
}

/**
 * rmi_workers_unexport:
 * @self: workers
 * @path: where an object was exported
 *
 * Takes the objects back from all workers: running calls finish, later ones fail with
 * %RMI_ERROR_NO_SUCH_OBJECT.
 *
 * Returns: %FALSE if nothing was exported there
 *
 * Since: 1.0
 */
gboolean
rmi_workers_unexport (RmiWorkers *self,
                      const char *path)
{
  gboolean was_exported = FALSE;

  g_return_val_if_fail (RMI_IS_WORKERS (self), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  for (guint i = 0; i < self->n_workers; i++)
    was_exported |= rmi_node_unexport (rmi_worker_get_node (self->workers[i]), path);
  return was_exported;
}

/* ---- their life ---- */

static gboolean
is_in_worker (RmiWorkers *self)
{
  for (guint i = 0; i < self->n_workers; i++)
    if (rmi_worker_is_here (self->workers[i]))
      return TRUE;
  return rmi_worker_is_here (self->door);
}

/**
 * rmi_workers_close:
 * @self: workers
 *
 * Stops listening, closes every connection, drops every export, and ends the threads. Calls in flight fail,
 * and so do those that methods make at these connections. Waits until methods that run have returned; but if
 * it is called in the thread of a worker it does not, and each thread ends by itself, after answering the
 * call that it serves. Dropping the last reference does the same.
 *
 * Since: 1.0
 */
void
rmi_workers_close (RmiWorkers *self)
{
  g_return_if_fail (RMI_IS_WORKERS (self));

  if (g_atomic_int_compare_and_exchange (&self->is_closed, FALSE, TRUE))
    {
      rmi_node_close (rmi_worker_get_node (self->door));
      rmi_worker_end (self->door);
      for (guint i = 0; i < self->n_workers; i++)
        rmi_worker_end (self->workers[i]);
    }
  if (is_in_worker (self))
    return;

  rmi_worker_wait (self->door);
  for (guint i = 0; i < self->n_workers; i++)
    rmi_worker_wait (self->workers[i]);
}

/* A node's id, a dot, and a number: so peers can tell what answers at one address, and still which worker it is. */
static void
rmi_workers_constructed (GObject *object)
{
  RmiWorkers *self = RMI_WORKERS (object);
  g_autofree RmiNode **nodes = NULL;
  RmiNode *door;

  G_OBJECT_CLASS (rmi_workers_parent_class)->constructed (object);

  if (self->n_workers == 0)
    self->n_workers = MIN (g_get_num_processors (), MAX_WORKERS);
  self->door = rmi_worker_new ("rmi-door");
  door = rmi_worker_get_node (self->door);
  self->workers = g_new (RmiWorker *, self->n_workers);
  nodes = g_new (RmiNode *, self->n_workers);
  for (guint i = 0; i < self->n_workers; i++)
    {
      g_autofree char *name = g_strdup_printf ("rmi-%u", i);

      self->workers[i] = rmi_worker_new (name);
      nodes[i] = rmi_worker_get_node (self->workers[i]);
      rmi_node_set_id (nodes[i], g_strdup_printf ("%s.%u", rmi_node_get_id (door), i));
    }
  rmi_node_set_workers (door, nodes, self->n_workers);
}

static void
rmi_workers_dispose (GObject *object)
{
  rmi_workers_close (RMI_WORKERS (object));

  G_OBJECT_CLASS (rmi_workers_parent_class)->dispose (object);
}

static void
rmi_workers_finalize (GObject *object)
{
  RmiWorkers *self = RMI_WORKERS (object);

  rmi_worker_free (self->door);
  for (guint i = 0; i < self->n_workers; i++)
    rmi_worker_free (self->workers[i]);
  g_free (self->workers);

  G_OBJECT_CLASS (rmi_workers_parent_class)->finalize (object);
}

static void
rmi_workers_get_property (GObject    *object,
                          guint       property_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  RmiWorkers *self = RMI_WORKERS (object);

  if (property_id == PROP_N_WORKERS)
    g_value_set_uint (value, self->n_workers);
  else
    g_object_get_property (G_OBJECT (rmi_worker_get_node (self->door)), pspec->name, value);
}

static void
rmi_workers_set_property (GObject      *object,
                          guint         property_id,
                          const GValue *value,
                          GParamSpec   *pspec)
{
  RmiWorkers *self = RMI_WORKERS (object);

  if (property_id == PROP_N_WORKERS)
    {
      self->n_workers = g_value_get_uint (value);
      return;
    }
  g_object_set_property (G_OBJECT (rmi_worker_get_node (self->door)), pspec->name, value);
  for (guint i = 0; i < self->n_workers; i++)
    g_object_set_property (G_OBJECT (rmi_worker_get_node (self->workers[i])), pspec->name, value);
}

static void
rmi_workers_class_init (RmiWorkersClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = rmi_workers_constructed;
  object_class->dispose = rmi_workers_dispose;
  object_class->finalize = rmi_workers_finalize;
  object_class->get_property = rmi_workers_get_property;
  object_class->set_property = rmi_workers_set_property;
  rmi_node_limits_install (object_class);

  /**
   * RmiWorkers:n-workers:
   *
   * How many threads serve. 0 when they are made stands for the number of CPUs that this process may use.
   *
   * Since: 1.0
   */
  g_object_class_install_property (object_class, PROP_N_WORKERS,
                                   g_param_spec_uint ("n-workers", NULL, NULL, 0, MAX_WORKERS, 0,
                                                      G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS));
}

static void
rmi_workers_init (RmiWorkers *self)
{
}
