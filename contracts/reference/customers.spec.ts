import { expect } from 'chai';
import type { Customer } from './behaviour.js';
import { CustomerStore } from './customers.js';

const customer = (id: string, scope = 'merchant'): Customer => ({ id, scope, values: { object_reference_id: `ref-${id}` }, createdAt: 0, updatedAt: 0 });

describe('the store of customers', () => {
  it('finds a customer by reference and by id, for its own merchant', () => {
    const store = new CustomerStore();
    const stored = customer('cst_1');
    expect(store.add(stored, 'ref-1')).to.equal(true);
    expect(store.byReference('merchant', 'ref-1')).to.equal(stored);
    expect(store.byId('merchant', 'cst_1')).to.equal(stored);
    expect(store.byReference('other', 'ref-1')).to.equal(undefined);
    expect(store.byId('other', 'cst_1')).to.equal(undefined);
  });

  it('is full at its number of customers, and keeps those that it has', () => {
    const store = new CustomerStore({ customers: 2 });
    expect(['1', '2', '3'].map((id) => store.add(customer(id), id))).to.deep.equal([true, true, false]);
    expect(store.size).to.equal(2);
    expect(store.byId('merchant', '1')?.id).to.equal('1');
    expect(store.byId('merchant', '3')).to.equal(undefined);
  });

  it('is full at its number of characters', () => {
    const store = new CustomerStore({ characters: 100 });
    const long = { ...customer('1'), values: { object_reference_id: 'x'.repeat(101) } };
    expect(store.add(long, 'x')).to.equal(false);
    expect(store.add(customer('2'), 'y')).to.equal(true);
  });
});
