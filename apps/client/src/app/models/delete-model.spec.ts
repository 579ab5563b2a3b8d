import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { ApiProblem } from '../api/api-problem';
import { Confirm, type Question } from '../confirm/confirm';
import { Toasts } from '../toasts/toasts';
import { clientWithoutNetwork, settle } from '../../testing/fake-server';
import { DeleteModel, dependentsOf } from './delete-model';

const model = { id: '20', name: 'daily', downstream: [], dashboards: [] };
const refusal = {
  type: '',
  title: '',
  status: 409,
  detail: 'Other things read it.',
  instance: '',
  code: 'has_dependents',
  dependents: [{ kind: 'dashboard', id: '30', name: 'Growth' }, { kind: 7 }, null],
};

it('names what a refused deletion lists, and leaves out what it cannot read', () => {
  const problem = new ApiProblem({ ...refusal, code: 'has_dependents' });
  expect(dependentsOf(problem)).toEqual([{ kind: 'dashboard', id: '30', name: 'Growth' }]);
  expect(dependentsOf(new ApiProblem({ code: 'has_dependents', detail: '' }))).toEqual([]);
});

describe('deleting a model', () => {
  let http: HttpTestingController;
  let asked: Question[];
  let told: string[];
  let sure: boolean[];

  beforeEach(() => {
    TestBed.configureTestingModule({ providers: clientWithoutNetwork() });
    http = TestBed.inject(HttpTestingController);
    asked = [];
    told = [];
    sure = [];
    jest.spyOn(TestBed.inject(Confirm), 'ask').mockImplementation((question) => {
      asked.push(question);
      return Promise.resolve(sure.shift() ?? true);
    });
    jest.spyOn(TestBed.inject(Toasts), 'show').mockImplementation((message) => void told.push(message));
    jest.spyOn(TestBed.inject(Toasts), 'problem').mockImplementation(({ detail }) => void told.push(detail));
  });

  it('does nothing unless the person is sure', async () => {
    sure = [false];
    expect(await TestBed.inject(DeleteModel).ask(model)).toBe(false);
    http.expectNone('/api/data-models/20');
  });

  it('names what reads it before it asks the server to go ahead', async () => {
    const gone = TestBed.inject(DeleteModel).ask({
      ...model,
      downstream: [{ id: '21', name: 'weekly' }],
      dashboards: [{ id: '30', name: 'Growth' }],
    });
    await settle();
    expect(asked[0]?.consequences).toEqual(['model weekly', 'dashboard Growth']);
    http.expectOne('/api/data-models/20?confirm=true').flush(null);
    expect(await gone).toBe(true);
    expect(told).toEqual(['daily was deleted']);
  });

  it('asks again when something has come to depend on it meanwhile', async () => {
    const gone = TestBed.inject(DeleteModel).ask(model);
    await settle();
    http.expectOne('/api/data-models/20').flush(refusal, { status: 409, statusText: 'Conflict' });
    await settle();
    expect(asked[1]?.consequences).toEqual(['dashboard Growth']);
    http.expectOne('/api/data-models/20?confirm=true').flush(null);
    expect(await gone).toBe(true);
  });

  it('says why it could not be deleted', async () => {
    const gone = TestBed.inject(DeleteModel).ask(model);
    await settle();
    http
      .expectOne('/api/data-models/20')
      .flush(
        { ...refusal, code: 'forbidden', detail: 'You may only look.', status: 403 },
        { status: 403, statusText: 'Forbidden' },
      );
    expect(await gone).toBe(false);
    expect(told).toEqual(['You may only look.']);
  });
});
