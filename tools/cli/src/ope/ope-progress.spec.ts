import { opeProgress } from './ope-progress';

it('says nothing about a short run, and of a long one at most a line a second', () => {
  const said: string[] = [];
  let now = 5_000;
  const progress = opeProgress(
    (line) => void said.push(line),
    () => now,
  );
  for (let done = 0; done < 40; done++) {
    progress.step('case 1/1, x', done, 40);
    now += 70;
  }
  expect(said).toEqual(['case 1/1, x: 15/40 estimates', 'case 1/1, x: 30/40 estimates']);
});
