import { ApiProblem } from '../api/api-problem';
import { dependentsOf } from './delete-model';

it('names what a refused deletion lists, and leaves out what it cannot read', () => {
  const problem = new ApiProblem({
    code: 'has_dependents', detail: 'Others read it.',
    ...{ dependents: [{ kind: 'dashboard', id: '30', name: 'Growth' }, { kind: 7 }, null] },
  });
  expect(dependentsOf(problem)).toEqual([{ kind: 'dashboard', id: '30', name: 'Growth' }]);
  expect(dependentsOf(new ApiProblem({ code: 'has_dependents', detail: '' }))).toEqual([]);
});
