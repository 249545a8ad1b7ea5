// At most so many jobs at once; the others wait in line.

export function crew(most) {
  const waiting = [];
  let busy = 0;
  const next = () => {
    if (busy >= most || !waiting.length) return;
    busy++;
    waiting.shift()();
  };
  return (job) =>
    new Promise((done, failed) => {
      waiting.push(() =>
        job()
          .then(done, failed)
          .finally(() => {
            busy--;
            next();
          }),
      );
      next();
    });
}
