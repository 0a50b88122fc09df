/* The tools of a build in one file, told apart by the name they are started under, so that every start is that of a program.
   build UNITS JOBS LOOPS   like make: so many units, so many at a time; prints seconds and processor time as JSON
   shell LOOPS              what make starts for a line: starts the driver
   driver LOOPS             like a compiler driver: starts the compiler proper, then the assembler
   compiler LOOPS           the work of one unit; the same number of steps on every side
   assembler                the small change
   measure                  prints how many LOOPS are a second of processor time here */
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;
static char folder[4096];

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static pid_t start(const char *tool, const char *argument) {
  char path[4200];
  pid_t pid;
  snprintf(path, sizeof path, "%s/%s", folder, tool);
  char *argv[] = {path, (char *)"-c", (char *)argument, NULL};
  if (posix_spawn(&pid, path, NULL, NULL, argv, environ) != 0) exit(3);
  return pid;
}

static void run(const char *tool, const char *argument) {
  int status;
  if (waitpid(start(tool, argument), &status, 0) < 0 || status != 0) exit(4);
}

static void work(long loops) {
  volatile unsigned value = 1;
  for (long i = 0; i < loops * 1000; i++) value = value * 1664525u + 1013904223u;
}

static int build(long units, int jobs, const char *loops) {
  double from = now();
  int running = 0, status;
  struct rusage used;
  for (long unit = 0; unit < units; unit++) {
    if (running == jobs && (wait(&status) < 0 || status != 0)) return 4;
    else if (running < jobs) running++;
    start("shell", loops);
  }
  for (; running > 0; running--) if (wait(&status) < 0 || status != 0) return 4;
  getrusage(RUSAGE_CHILDREN, &used);
  double cpu = used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
  printf("{\"seconds\":%.6f,\"cpuSeconds\":%.6f}\n", now() - from, cpu);
  return 0;
}

int main(int argc, char **argv) {
  const char *slash = strrchr(argv[0], '/'), *tool = slash ? slash + 1 : argv[0];
  snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - argv[0]) : 1, slash ? argv[0] : ".");
  if (strcmp(tool, "build") == 0 && argc == 4) return build(atol(argv[1]), atoi(argv[2]), argv[3]);
  if (strcmp(tool, "shell") == 0) run("driver", argv[2]);
  else if (strcmp(tool, "driver") == 0) {
    run("compiler", argv[2]);
    run("assembler", "0");
  } else if (strcmp(tool, "compiler") == 0) work(atol(argv[2]));
  else if (strcmp(tool, "measure") == 0) {
    // Processor time, not time: others may be using the processor as well.
    work(200000);
    printf("{\"loopsPerSecond\":%.0f}\n", 200000 / ((double)clock() / CLOCKS_PER_SEC));
  }
  return 0;
}
